// For how long nobody has touched this page. The server ends sessions by it: an open page that only refreshes itself must
// not keep one alive.
const touches = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

let lastTouchAt = Date.now();
let listening = false;

function listen(): void {
  if (listening || typeof window === 'undefined') return;
  listening = true;
  const touched = () => {
    lastTouchAt = Date.now();
  };
  for (const name of touches) window.addEventListener(name, touched, { capture: true, passive: true });
}

/** Sent along with every request to our own server. */
export function activityHeader(): Record<string, string> {
  listen();
  return { 'x-landbridge-idle': String(Math.max(0, Math.round((Date.now() - lastTouchAt) / 1000))) };
}

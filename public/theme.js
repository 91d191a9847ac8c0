// Runs before the first paint so that a remembered theme never flashes the other one. Kept tiny: it blocks rendering.
try {
  var theme = localStorage.getItem('landbridge.theme');
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
} catch (e) {
  // Storage may be switched off; the system's theme then stands.
}

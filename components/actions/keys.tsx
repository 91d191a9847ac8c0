// A shortcut as it is pressed.
export function Keys({ keys }: { keys: string }) {
  return (
    <span className="inline-flex gap-1">
      {keys.split(' ').map((key) => (
        <kbd key={key} className="rounded border border-edge px-1.5 font-sans text-xs">
          {key.toUpperCase()}
        </kbd>
      ))}
    </span>
  );
}

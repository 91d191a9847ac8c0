// Text to be copied into a terminal or a file, shown as it is.
import { CopyButton } from './copy-button';

export function CodeBlock({ text, label }: { text: string; label: string }) {
  return (
    <figure className="overflow-clip rounded-md border bg-bg">
      <figcaption className="flex items-center justify-between gap-4 border-b py-1 pr-1 pl-3 text-[13px] text-soft">
        {label}
        <CopyButton text={text} />
      </figcaption>
      <pre className="whitespace-pre-wrap break-words p-3 font-mono text-[13px]/5">{text}</pre>
    </figure>
  );
}

// The last resort, when the frame itself has failed. It can rely on nothing but the style sheet.
'use client';
import './globals.css';

export default function GlobalError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <html lang="en">
      <body>
        <title>Landbridge has failed to show this page</title>
        <main className="mx-auto flex max-w-xl flex-col items-start gap-3 p-8">
          <h1 className="text-xl font-semibold">The console has failed to show this page</h1>
          <p className="text-soft">Links go on copying. {error.message}</p>
          {error.digest ? <p className="font-mono text-[13px] text-soft">Digest {error.digest}</p> : null}
          <button
            type="button"
            onClick={reset}
            className="h-8 rounded-md border border-edge px-3 font-medium"
          >
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}

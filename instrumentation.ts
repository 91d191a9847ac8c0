// Next calls register() once, before the server takes requests. In the Edge runtime there is nothing to start.
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { startServer } = await import('./server/start');
  await startServer();
}

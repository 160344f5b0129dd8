/**
 * The first SIGINT or SIGTERM stops the process in order; a second one, or a stop that takes too long, ends it at once.
 * What was in flight then is resumed by the next start.
 */
export function stopOnSignals(
  running: { stop(): Promise<void> },
  timeoutMs: number,
  { announce = true }: { announce?: boolean } = {},
): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(130);
    stopping = true;
    if (announce) console.log(`\n${signal}: finishing requests in flight; send it again to stop at once`);
    setTimeout(() => process.exit(1), timeoutMs).unref();
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(`The stop failed: ${error instanceof Error ? error.message : String(error)}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

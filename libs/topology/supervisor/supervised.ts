/** What a supervised process tells its supervisor once it can be used. */
export interface ReadyMessage {
  readonly ready: true;
}

/** Tells the supervisor, if there is one, that this process can be used. */
export function tellSupervisor(running: { stop(): Promise<void> }): boolean {
  if (!process.send || process.env['FISSILE_SUPERVISED'] === undefined) return false;
  process.send({ ready: true } satisfies ReadyMessage);
  // A supervisor that was killed leaves nobody who would stop this process.
  process.on('disconnect', () => {
    void running.stop().finally(() => process.exit(0));
  });
  return true;
}

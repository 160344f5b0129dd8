/** Whether a process with that id exists. */
export function isAlive(pid: number): boolean {
  return sendSignal(pid, 0);
}

/** Sends a signal to a process that may have exited. Returns whether it existed. */
export function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

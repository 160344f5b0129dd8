/** How long PostgreSQL lets a session of ours wait, in milliseconds. */
export interface SessionLimits {
  readonly statementMs: number;
  readonly lockMs: number;
}

/** How much longer than the server we wait for its answer. */
const ANSWER_MS_MORE = 2_000;
/** The longest time that a process which hangs in the middle of a transaction holds its locks. */
const LONGEST_IDLE_IN_TRANSACTION_MS = 20_000;
/** How long the server waits for a client that does not acknowledge what it was sent. */
const TCP_USER_TIMEOUT_MS = 20_000;
/** A setting of our own: where it is missing, a pooler has dropped what a session starts with. */
export const MARKER = 'fissile.session';

/** How long we wait for an answer: a server that is there has ended the statement before. */
export function answerTimeoutOf(limits: SessionLimits | undefined): number | undefined {
  return limits && limits.statementMs + ANSWER_MS_MORE;
}

/** The settings of a session. Without limits, as for a migration, a statement may take as long as it needs. */
function settingsOf(limits: SessionLimits | undefined): Readonly<Record<string, string>> {
  return {
    [MARKER]: 'on',
    tcp_user_timeout: String(TCP_USER_TIMEOUT_MS),
    ...(limits && {
      statement_timeout: String(limits.statementMs),
      lock_timeout: String(limits.lockMs),
      idle_in_transaction_session_timeout: String(LONGEST_IDLE_IN_TRANSACTION_MS),
    }),
  };
}

/** The URL with the settings as a start option, which costs no statement; those that it has itself win. */
export function withStartOptions(url: string, limits: SessionLimits | undefined): string {
  const given = new URL(url);
  const own = given.searchParams.get('options');
  const ours = Object.entries(settingsOf(limits)).map(([name, value]) => `-c ${name}=${value}`);
  given.searchParams.set('options', [...ours, ...(own === null ? [] : [own])].join(' '));
  return given.href;
}

/** The statement that makes the settings where they cannot be start options. */
export function setStatement(limits: SessionLimits | undefined): string {
  const calls = Object.entries(settingsOf(limits)).map(
    ([name, value]) => `set_config('${name}', '${value}', false)`,
  );
  return `SELECT ${calls.join(', ')}`;
}

const TONES: Readonly<Record<string, string>> = {
  confirmed: 'good',
  shipped: 'good',
  completed: 'good',
  captured: 'good',
  done: 'good',
  closed: 'good',
  healthy: 'good',
  up: 'good',
  pending: 'busy',
  running: 'busy',
  cancelling: 'busy',
  shipping: 'busy',
  returning: 'busy',
  compensating: 'busy',
  'half-open': 'busy',
  cancelled: 'quiet',
  compensated: 'quiet',
  unused: 'quiet',
  open: 'bad',
  failed: 'bad',
  refused: 'bad',
  ejected: 'bad',
  down: 'bad',
  silent: 'bad',
};

/** A state, in a word and a colour. */
export function Badge({ state }: { state: string }) {
  return <span class={`badge ${TONES[state] ?? 'quiet'}`}>{state}</span>;
}

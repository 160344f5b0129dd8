/** What moves: a context out of the process and back, or all of them. */
export interface Kind {
  readonly label: string;
  readonly out: object;
  readonly back: object;
}

const ofContext = (context: string): Kind => ({
  label: context,
  out: { action: 'move', context, to: 'own' },
  back: { action: 'move', context, to: 'gateway' },
});

export const KINDS: readonly Kind[] = [
  ...['orders', 'inventory', 'users', 'payments', 'notifications'].map(ofContext),
  {
    label: 'all',
    out: { action: 'apply', topology: 'split' },
    back: { action: 'apply', topology: 'monolith' },
  },
];

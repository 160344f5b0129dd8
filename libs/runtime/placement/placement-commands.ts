import type { Component } from '@fissile/kit/contract';
import type { PlacementState } from '@fissile/kit/rpc';

/** What a process does when the placement changes; each is done when it is answered. */
export type PlacementCommand =
  /** Works for these contexts from now on, beside whoever does it now. */
  | { readonly do: 'host'; readonly contexts: readonly Component[] }
  /** Routes by this state from now on. */
  | { readonly do: 'place'; readonly state: PlacementState }
  /** Ends what it has taken for these contexts, and works for them no more. */
  | { readonly do: 'release'; readonly contexts: readonly Component[] };

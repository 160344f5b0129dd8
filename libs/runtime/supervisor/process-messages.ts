import type { ControlView, TopologyRequest } from '@fissile/kit/operations';
import type { ErrorRecord } from '@fissile/kit/contract';
import type { PlacementCommand } from '../placement/placement-commands.js';

/** What a supervised process tells whoever started it. */
export type FromProcess =
  /** With the token of a link that signs the first admin in, where this process makes such. */
  | { readonly ready: true; readonly signInToken?: string }
  | { readonly done: number; readonly error?: string }
  | { readonly ask: number; readonly request: TopologyRequest };

/** What it is told. */
export type ToProcess =
  | { readonly command: number; readonly what: PlacementCommand }
  | { readonly answer: number; readonly view?: ControlView; readonly error?: ErrorRecord };

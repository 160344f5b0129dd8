export { Alpha } from './alpha.context.js';
export { RunEnded } from './alpha.events.js';
export { Beta } from './beta.context.js';
export { SlotsHeld } from './beta.events.js';
export { NoteKind } from './generated/alpha/alpha.js';
export type { AddNoteRequest, GetNotesRequest, Note } from './generated/alpha/alpha.js';
export type { HoldRequest, ReleaseRequest, Slot } from './generated/beta/beta.js';
export { toy } from './toy.js';
export { TOY_MAIN } from './toy-main.js';

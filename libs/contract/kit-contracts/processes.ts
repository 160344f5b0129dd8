import type { Callers } from '../callers.js';
import { contract } from '../contract.js';
import { ProcessesDefinition } from '../generated/processes/processes.js';

/** The gateway shows processes to operators. Nobody revokes tokens in a product that issues none. */
const CALLERS_OF_PROCESSES = {
  revoke: [],
  listBreakers: ['gateway'],
  listSettings: ['gateway'],
  listTraces: ['gateway'],
  getTrace: ['gateway'],
  listSchedules: ['gateway'],
  listLogLines: ['gateway'],
} as const;

/** Who may call processes, where this context issues the tokens: it alone revokes them. */
export function callersOfProcesses(tokenIssuer: string): Callers {
  return { ...CALLERS_OF_PROCESSES, revoke: [tokenIssuer] };
}

/** See processes.proto. */
export abstract class Processes extends contract(ProcessesDefinition, {
  callers: CALLERS_OF_PROCESSES,
}) {}

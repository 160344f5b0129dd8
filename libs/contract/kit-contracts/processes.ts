import { contract } from '../contract.js';
import { ProcessesDefinition } from '../generated/processes/processes.js';

/** See processes.proto. */
export abstract class Processes extends contract(ProcessesDefinition) {}

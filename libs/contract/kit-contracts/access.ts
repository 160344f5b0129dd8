import { contract } from '../contract.js';
import { AccessDefinition } from '../generated/access/access.js';

/** See access.proto. */
export abstract class Access extends contract(AccessDefinition) {}

import { contract } from '../contract.js';
import { EventsDefinition } from '../generated/events/events.js';

/** See events.proto. */
export abstract class Events extends contract(EventsDefinition) {}

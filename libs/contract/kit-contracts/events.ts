import { contract } from '../contract.js';
import { EventsDefinition } from '../generated/events/events.js';

/** See events.proto. */
export abstract class Events extends contract(EventsDefinition, {
  // It waits for the handlers of the event, which call others and try again.
  longRunning: ['deliver'],
}) {}

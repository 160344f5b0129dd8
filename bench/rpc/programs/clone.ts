import { ANSWER, REQUEST } from '../sample.js';
import { standReady } from '../side.js';

/** An in-process call that copies its request and response and does nothing else. */
const handle = async (request: unknown): Promise<unknown> => (request ? ANSWER : undefined);

await standReady(async () => structuredClone(await handle(structuredClone(REQUEST))));

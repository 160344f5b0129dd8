import { ANSWER, REQUEST } from '../sample.js';
import { standReady } from '../side.js';

/** A call inside one process that hands over copies both ways and does nothing else. */
const handle = async (request: unknown): Promise<unknown> => (request ? ANSWER : undefined);

await standReady(async () => structuredClone(await handle(structuredClone(REQUEST))));

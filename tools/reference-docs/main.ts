import { writeFileSync } from 'node:fs';
import { API_PAGE, makeApiPage } from './api-page.js';
import { EVENTS_PAGE, makeEventsPage } from './events-page.js';

writeFileSync(API_PAGE, makeApiPage());
writeFileSync(EVENTS_PAGE, makeEventsPage());
console.log(`${API_PAGE} and ${EVENTS_PAGE} say what the code says.`);

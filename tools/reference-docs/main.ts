import { writeFileSync } from 'node:fs';
import { API_PAGE, makeApiPage } from './api-page.js';
import { CALLERS_PAGE, makeCallersPage } from './callers-page.js';
import { EVENTS_PAGE, makeEventsPage } from './events-page.js';

writeFileSync(API_PAGE, makeApiPage());
writeFileSync(CALLERS_PAGE, makeCallersPage());
writeFileSync(EVENTS_PAGE, makeEventsPage());
console.log(`${API_PAGE}, ${CALLERS_PAGE} and ${EVENTS_PAGE} say what the code says.`);

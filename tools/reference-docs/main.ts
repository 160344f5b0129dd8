import { npmCommand, read } from '../command-line/command-line.js';
import { writeFileSync } from 'node:fs';
import { API_PAGE, makeApiPage } from './api-page.js';
import { CALLERS_PAGE, makeCallersPage } from './callers-page.js';
import { ERRORS_PAGE, makeErrorsPage } from './errors-page.js';
import { EVENTS_DOCUMENT, EVENTS_PAGE, makeEventsDocument, makeEventsPage } from './events-page.js';

read(npmCommand('reference:docs', 'Writes the pages about routes, callers, errors and events.'));

writeFileSync(API_PAGE, makeApiPage());
writeFileSync(CALLERS_PAGE, makeCallersPage());
writeFileSync(ERRORS_PAGE, makeErrorsPage());
writeFileSync(EVENTS_DOCUMENT, makeEventsDocument());
writeFileSync(EVENTS_PAGE, makeEventsPage());
console.log(
  `${API_PAGE}, ${CALLERS_PAGE}, ${ERRORS_PAGE}, ${EVENTS_DOCUMENT} and ${EVENTS_PAGE} say what the code says.`,
);

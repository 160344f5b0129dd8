import { writeFileSync } from 'node:fs';
import { makePage, PAGE } from './settings-page.js';

writeFileSync(PAGE, await makePage());
console.log(`${PAGE} says what the schemas say.`);

import { npmCommand, read } from '../command-line/command-line.js';
import { writeFileSync } from 'node:fs';
import { makePage, PAGE } from './settings-page.js';

read(npmCommand('settings:docs', 'Writes the page about settings.'));

writeFileSync(PAGE, await makePage());
console.log(`${PAGE} says what the schemas say.`);

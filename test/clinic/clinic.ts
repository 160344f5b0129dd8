import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProductMaker } from './created-product.js';

/** What a user writes by hand on top of what the commands make; see examples/clinic/README.md. */
export const WRITTEN = 'examples/clinic/written';

/** The appointment itself keeps the state of its booking. */
const REMOVED = ['data/book-appointment-records.ts', 'data/book-appointment.migration.ts'];

const COMMANDS: readonly string[] = [
  'fissile new context doctors --access admin',
  'fissile new context appointments billing:invoice',
  'fissile new saga appointments book-appointment',
  'fissile new saga patients mail-patient',
  'fissile new event appointments.booked --handled-by patients',
  'npm install nodemailer',
  'npm install --save-dev @types/nodemailer',
  'npm run generate',
];

/** Makes the clinic by the commands of a user. */
export async function makeClinic(maker: ProductMaker): Promise<void> {
  await maker.create('clinic', '--contexts', 'patients', '--no-example');
  for (const command of COMMANDS) {
    const [program = '', ...words] = command.split(' ');
    const path = program === 'npm' ? program : join(maker.pathOf('clinic'), 'node_modules/.bin', program);
    await maker.run('clinic', path, words);
  }
}

/** Puts what is written by hand over it. */
export async function writeClinic(maker: ProductMaker): Promise<void> {
  const folder = maker.pathOf('clinic');
  const times = migrationTimes(folder);
  cpSync(WRITTEN, folder, { recursive: true });
  for (const path of globSync('**/*.ts', { cwd: WRITTEN })) {
    const text = readFileSync(join(folder, path), 'utf8');
    // The commands name a migration after the time at which they made it.
    const named = text.replace(/\b(Create\w+?)0{13}\b/g, (_, name: string) => `${name}${times.get(name)}`);
    writeFileSync(join(folder, path), named);
  }
  for (const path of REMOVED) rmSync(join(folder, 'apps/appointments/src', path));
  for (const script of ['contracts', 'generate']) await maker.run('clinic', 'npm', ['run', script]);
}

function migrationTimes(folder: string): Map<string, string> {
  const texts = globSync('apps/*/src/data/*.migration.ts', { cwd: folder }).map((path) =>
    readFileSync(join(folder, path), 'utf8'),
  );
  const classes = texts.flatMap((text) => [...text.matchAll(/class (Create\w+?)(\d{13})/g)]);
  return new Map(classes.map(([, name = '', time = '']) => [name, time]));
}

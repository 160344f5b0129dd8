import { npmCommand, read } from '../command-line/command-line.js';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeReports, REPORTS } from './reports.js';

read(npmCommand('api', 'Writes libs/api, which describes what the kit exports.'));

const folder = mkdtempSync(join(tmpdir(), 'fissile-api-reports-'));
try {
  const reports = makeReports(folder);
  rmSync(REPORTS, { recursive: true, force: true });
  mkdirSync(REPORTS);
  for (const { room, text } of reports) writeFileSync(join(REPORTS, `${room}.api.md`), text);
  console.log(
    `  ${REPORTS} describes the exports of ${reports.length} rooms. Commit it with the change that it shows.`,
  );
} finally {
  rmSync(folder, { recursive: true });
}

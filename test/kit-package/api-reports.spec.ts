import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeReports, type Report, REPORTS } from '../../tools/kit-api/reports.js';

describe('The reports of what the kit exports', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fissile-api-reports-'));
  let reports: Report[];

  before(() => {
    reports = makeReports(folder);
  });

  after(() => rmSync(folder, { recursive: true }));

  it('are there for each room, and for nothing else', () => {
    assert.deepEqual(
      readdirSync(REPORTS).sort(),
      reports.map(({ room }) => `${room}.api.md`),
    );
  });

  it('are those of the exports as they are now; npm run api makes them', () => {
    for (const { room, text } of reports) {
      assert.equal(text, readFileSync(join(REPORTS, `${room}.api.md`), 'utf8'), `${room}: run npm run api`);
    }
  });
});

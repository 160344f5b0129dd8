import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ExistingApp } from './existing-app.js';
import { recordVisit } from './recorded-visit.js';

describe('A module of an application that becomes a context', () => {
  let app: ExistingApp;
  let plain: unknown[];

  before(async () => {
    app = await ExistingApp.create(0);
    await app.start();
    plain = await recordVisit(app, 'ada');
    await app.stop();
    await app.becomes(2);
    await app.start();
  });

  after(() => app.close());

  it('leaves every answer as it was', async () => {
    assert.deepEqual(await recordVisit(app, 'grace'), plain);
  });

  it('is reached by its contract alone, with the data from before', async () => {
    const { body } = await app.call('GET', '/invoices?student=ada');
    assert.deepEqual(
      (body as { amount: string }[]).map(({ amount }) => amount),
      ['40'],
    );
  });

  it('runs in the only process, which asks for no topology', () => {
    assert.doesNotMatch(app.output, /ERROR|WARN|Deprecation/);
  });

  it('cannot be left out by HOSTS while no other process is there to host it', async () => {
    const alone = app.launch('main', { HOSTS: 'school' });
    assert.equal(await alone.ends(), 1);
    assert.match(alone.output, /config\/topology\.yaml: there is no such file/);
    const without = app.launch('main', { HOSTS: 'shool' });
    assert.equal(await without.ends(), 1);
    assert.match(without.output, /HOSTS: shool is unknown here; expected some of school, billing/);
  });
});

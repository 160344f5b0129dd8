import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '@fissile/kit/testing';
import { ExistingApp } from './existing-app.js';
import { recordVisit } from './recorded-visit.js';

describe('Outbox, inbox and sagas in an application that exists', () => {
  let app: ExistingApp;
  let before0: unknown[];

  before(async () => {
    app = await ExistingApp.create(0);
    const plain = await app.start();
    before0 = await recordVisit(app, 'ada');
    await plain.stop();
    await app.becomes(1);
    await app.start();
  });

  after(() => app.close());

  it('leave every answer as it was', async () => {
    assert.deepEqual(await recordVisit(app, 'grace'), before0);
  });

  it("have a table of migrations of their own, beside the application's", async () => {
    const names = async (table: string) =>
      (await app.query<{ name: string }>(`SELECT name FROM ${table} ORDER BY id`)).map(({ name }) => name);
    assert.deepEqual(await names('migrations'), ['CreateSchool1720000000000']);
    const own = await names('fissile_migrations');
    assert.ok(
      own.includes('CreateMessaging1700000000000') && own.includes('CreateSagas1700000000001'),
      own.join(),
    );
  });

  it('send the letter of an event once when the process is killed before it could, and finish the saga', async () => {
    const { body } = await app.call('POST', '/courses', { title: 'Chess', fee: 5, seats: 3 });
    // Letters wait for this lock, so the process is killed with the event in its outbox.
    const lock = await app.lock('letter');
    await app.call('POST', '/enrolments', { courseId: (body as { id: number }).id, student: 'joan' });
    await until('the letter is being sent', async () => (await app.waitingFor('letter')) > 0);
    await app.kill();
    await lock();
    await app.start();
    const letters = () => app.query<{ text: string }>(`SELECT text FROM letter WHERE student = 'joan'`);
    await until('the letter is sent', async () => (await letters()).length > 0);
    await until('nothing is left in the outbox', async () => {
      return (await app.query('SELECT 1 FROM outbox WHERE published_at IS NULL')).length === 0;
    });
    assert.deepEqual(await letters(), [{ text: 'Welcome' }]);
  });

  it('finish an enrolment that a kill has cut in the middle, once', async () => {
    const { body } = await app.call('POST', '/courses', { title: 'Go', fee: 7, seats: 3 });
    const lock = await app.lock('invoice');
    const courseId = (body as { id: number }).id;
    const cut = app.call('POST', '/enrolments', { courseId, student: 'kay' }).catch(() => 'cut');
    await until('the invoice is being written', async () => (await app.waitingFor('invoice')) > 0);
    await app.kill();
    assert.equal(await cut, 'cut');
    await lock();
    await app.start();
    await until('the letter is sent', async () => {
      return (await app.query(`SELECT 1 FROM letter WHERE student = 'kay'`)).length > 0;
    });
    assert.deepEqual(await app.query(`SELECT amount FROM invoice WHERE student = 'kay'`), [{ amount: 7 }]);
    assert.deepEqual(await app.query(`SELECT status FROM enrolment WHERE student = 'kay'`), [
      { status: 'enrolled' },
    ]);
    const [course] = await app.query<{ seats: number }>(
      'SELECT seats_left AS seats FROM course WHERE id = $1',
      [courseId],
    );
    assert.equal(course?.seats, 2);
  });

  it('stop with the application', async () => {
    assert.equal(await app.stop(), null, 'Nest ends itself by the signal once all is closed');
    assert.doesNotMatch(app.output, /ERROR|WARN|Deprecation/);
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { freePort, type Program, until } from '@fissile/kit/testing';
import { ExistingApp } from './existing-app.js';
import { recordVisit } from './recorded-visit.js';

describe('A context of an application in a process of its own', () => {
  let app: ExistingApp;
  let plain: unknown[];
  let env: Record<string, string>;
  let billing: Program;

  before(async () => {
    app = await ExistingApp.create(0);
    await app.start();
    plain = await recordVisit(app, 'ada');
    await app.stop();
    await app.becomes(3);
    const ports = await Promise.all(Array.from({ length: 4 }, () => freePort()));
    const address = (name: string, at: number) => `${name}=127.0.0.1:${ports[at]}:${ports[at + 1]}`;
    env = { PROCESS_ADDRESSES: `${address('school', 0)},${address('billing', 2)}` };
    billing = await startBilling();
    await app.start({ ...env, HOSTS: 'school' });
  });

  after(() => app.close());

  async function startBilling(): Promise<Program> {
    const program = app.launch('billing-main', env);
    await until('billing takes calls', () => {
      assert.equal(program.hasEnded, false, program.output);
      return program.output.includes('Billing takes calls');
    });
    return program;
  }

  const invoicesOf = async (student: string) => app.call('GET', `/invoices?student=${student}`);

  it('leaves every answer as it was', async () => {
    assert.deepEqual(await recordVisit(app, 'grace'), plain);
  });

  it('is not hosted by the application as well', async () => {
    assert.doesNotMatch(app.output, /BillingModule/);
    assert.match(billing.output, /BillingModule/);
  });

  it('is missed while it is away, with the status of that on Express, and caught up with when it is back', async () => {
    const { body: course } = await app.call('POST', '/courses', { title: 'Rowing', fee: 9, seats: 2 });
    await billing.stop('SIGKILL');
    const missed = await invoicesOf('kay');
    assert.equal(missed.status, 503);
    assert.equal((missed.body as { code: string }).code, 'unavailable');
    assert.equal(missed.type, 'application/problem+json');
    const courseId = (course as { id: number }).id;
    const enrolled = await app.call('POST', '/enrolments', { courseId, student: 'kay' });
    assert.equal(enrolled.status, 201, 'enrolling does not depend on billing');
    billing = await startBilling();
    const amounts = await until('kay is billed', async () => {
      const { status, body } = await invoicesOf('kay');
      const found = status === 200 ? (body as { amount: string }[]) : [];
      return found.length > 0 && found.map(({ amount }) => amount);
    });
    assert.deepEqual(amounts, ['9']);
  });

  it('is one process again by the settings alone', async () => {
    await app.stop();
    await billing.stop();
    await app.start();
    assert.match(app.output, /BillingModule/);
    assert.equal((await invoicesOf('kay')).status, 200);
  });
});

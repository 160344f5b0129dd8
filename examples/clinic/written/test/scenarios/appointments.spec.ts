import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ProductUnderTest, productUnderTest } from '../harness/product-under-test.js';

describe('Appointments', () => {
  let product: ProductUnderTest;
  let token: string;
  let other: string;

  before(async () => {
    product = await productUnderTest();
    token = await product.signIn();
    other = await product.signIn();
  });

  after(() => product.close());

  async function newDoctor(): Promise<string> {
    const admin = await product.signInAsAdmin();
    const { body } = await product.call('POST', '/api/doctors', { token: admin, body: { note: 'Dr. Grey' } });
    return body.id;
  }

  function book(doctorId: string, { card = 'a-card', by = token, time = '09:00' } = {}) {
    const wish = { doctorId, startsAt: `2030-01-02T${time}:00Z`, minutes: 30, note: 'a cough', card };
    return product.call('POST', '/api/appointments', { token: by, body: wish });
  }

  const read = (id: string, by: string) => product.call('GET', `/api/appointments/${id}`, { token: by });
  const invoice = (id: string) => product.call('GET', `/api/billing/${id}`, { token });

  it('are booked and paid', async () => {
    const { status, body } = await book(await newDoctor());
    assert.equal(status, 201, JSON.stringify(body));
    assert.equal(body.status, 'booked');
    assert.deepEqual((await read(body.id, token)).body, body);
    const { amountMinor, status: paid } = (await invoice(body.id)).body;
    assert.deepEqual([amountMinor, paid], [6_000, 'paid']);
  });

  it('are one, of many that want the doctor at the same time', async () => {
    const doctor = await newDoctor();
    const times = ['09:00', '09:10', '09:20', '09:29', '09:15', '09:00'];
    const answers = await Promise.all(times.map((time) => book(doctor, { time })));
    const refused = answers.filter(({ status }) => status !== 201);
    assert.deepEqual(
      refused.map(({ status, body }) => [status, body.code]),
      times.slice(1).map(() => [409, 'slot_taken']),
    );
    assert.equal((await book(doctor, { time: '09:59' })).status, 201);
  });

  it('are undone when the card is declined, and the time is free again', async () => {
    const doctor = await newDoctor();
    const { body } = await book(doctor, { card: 'declined' });
    assert.deepEqual([body.status, body.reason], ['cancelled', 'card_declined']);
    assert.equal((await invoice(body.id)).body.status, 'void');
    assert.equal((await book(doctor)).body.status, 'booked');
  });

  it('are hidden from others', async () => {
    const { body } = await book(await newDoctor());
    assert.equal((await read(body.id, other)).status, 404);
    const path = `/api/billing/${body.id}`;
    assert.equal((await product.call('GET', path, { token: other })).status, 404);
    assert.deepEqual((await product.call('GET', '/api/appointments', { token: other })).body.items, []);
    assert.equal((await product.call('GET', '/api/appointments')).status, 401);
  });

  it('are refused when a field is wrong, by its name, and for an unknown doctor', async () => {
    const { status, body } = await book('nobody');
    assert.deepEqual([status, body.errors[0].path], [400, 'doctorId']);
    assert.equal((await book('01890000-0000-7000-8000-000000000000')).status, 404);
  });
});

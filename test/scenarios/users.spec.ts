import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { Api, type Json } from '../harness/api.js';
import { type SharedShop, sharedShop } from '../harness/shared-shop.js';
import { ADMIN } from '../harness/shop.js';

describe('Operators', () => {
  let shop: SharedShop;
  let api: Api;
  let admin: string;

  before(async () => {
    shop = await sharedShop();
    api = new Api(shop);
    admin = await api.admin();
  });

  after(() => shop.close());

  async function register(email: string, name: string): Promise<string> {
    const password = `the-password-of-${randomUUID()}`;
    const { status, body } = await api.post('/api/users', { email, password, name });
    assert.equal(status, 201, JSON.stringify(body));
    return body.id;
  }

  async function found(query: Readonly<Record<string, string>>): Promise<Json[]> {
    const { status, body } = await api.get(`/api/users?${new URLSearchParams(query).toString()}`, admin);
    assert.equal(status, 200, JSON.stringify(body));
    return body.items;
  }

  const change = (id: string, body: object) => api.call('PATCH', `/api/users/${id}`, { body, token: admin });

  it('find users by words of their address and name, however they begin', async () => {
    const word = `w${randomUUID().slice(0, 8)}`;
    const grace = await register(`grace.${word}@navy.example`, 'Grace Hopper');
    const alan = await register(`alan@${word}.example`, "Alan O'Turing");
    const ids = async (text: string) => (await found({ text })).map(({ id }) => id);
    assert.deepEqual(await ids(word), [alan, grace], 'the newest comes first');
    assert.deepEqual(await ids(`${word.slice(0, 6)} HOP`), [grace]);
    assert.deepEqual(await ids(`alan@${word}.example`), [alan]);
    assert.deepEqual(await ids(`turing ${word}`), [alan]);
    assert.deepEqual(await ids(`${word} nobody`), []);
    assert.deepEqual((await api.get('/api/users?text=%27%3A%2A', admin)).body.errors[0].path, 'text');
  });

  it('find them by role, status and time, page by page', async () => {
    const word = `w${randomUUID().slice(0, 8)}`;
    const [first, second, third] = [
      await register(`a@${word}.example`, 'First'),
      await register(`b@${word}.example`, 'Second'),
      await register(`c@${word}.example`, 'Third'),
    ];
    await change(second, { status: 'disabled' });
    await change(third, { roles: ['customer', 'admin'] });
    const ids = async (query: Readonly<Record<string, string>>) =>
      (await found({ text: word, ...query })).map(({ id }) => id);
    assert.deepEqual(await ids({ status: 'disabled' }), [second]);
    assert.deepEqual(await ids({ status: 'active' }), [third, first]);
    assert.deepEqual(await ids({ role: 'admin' }), [third]);
    assert.deepEqual(await ids({ role: 'customer', sort: 'oldest' }), [first, second, third]);
    assert.deepEqual(await ids({ from: '2099-01-01T00:00:00Z' }), []);
    assert.deepEqual(await ids({ to: '2099-01-01T00:00:00Z', limit: '2' }), [third, second]);
    const page = (cursor: string) =>
      api.get(`/api/users?text=${word}&sort=oldest&limit=2&cursor=${cursor}`, admin);
    const { body } = await api.get(`/api/users?text=${word}&sort=oldest&limit=2`, admin);
    assert.deepEqual(
      (await page(body.nextCursor)).body.items.map(({ id }: Json) => id),
      [third],
    );
    assert.equal((await found({ role: 'admin', text: ADMIN.email })).length, 1);
    for (const query of ['role=emperor', 'status=gone', 'from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z'])
      assert.equal((await api.get(`/api/users?${query}`, admin)).status, 400, query);
    await change(third, { roles: ['customer'] });
  });

  it('are told which roles there are', async () => {
    const { body } = await api.get('/api/users/roles', admin);
    assert.deepEqual(body, { roles: ['customer', 'admin'] });
  });

  it('see the sessions of a user, and end them all at once', async () => {
    const { id, email, password, token } = await api.customer();
    const login = await api.post('/api/auth/login', { email, password });
    const sessions = await api.get(`/api/users/${id}/sessions`, admin);
    assert.equal(sessions.headers.get('cache-control'), 'no-store');
    assert.equal(sessions.body.items.length, 2);
    assert.deepEqual(
      sessions.body.items.map(({ current }: Json) => current),
      [false, false],
    );
    const { status } = await api.call('DELETE', `/api/users/${id}/sessions`, { token: admin });
    assert.equal(status, 204);
    for (const held of [token, login.body.accessToken])
      assert.equal((await api.get('/api/users/me', held)).status, 401, 'access tokens are refused at once');
    const { refreshToken } = login.body;
    const refused = await api.post('/api/auth/refresh', { refreshToken });
    assert.equal(refused.body.details.reason, 'ended_by_admin');
    assert.deepEqual((await api.get(`/api/users/${id}/sessions`, admin)).body.items, []);
    const audit = await api.get(`/api/admin/audit?subject=${id}&action=session.all_ended`, admin);
    assert.equal(audit.body.items[0].userEmail, ADMIN.email);
    assert.ok(await api.login(email, password), 'the account is as before');
  });

  it('see whether a user has a second factor', async () => {
    const { id, token } = await api.customer();
    const { body } = await api.get(`/api/users/${id}/second-factor`, admin);
    assert.deepEqual(body, { active: false, required: false, recoveryCodes: 0 });
    assert.equal((await api.get(`/api/users/${id}/second-factor`, token)).status, 403);
  });

  it('are told when there is no such user', async () => {
    for (const [method, path] of [
      ['GET', 'sessions'],
      ['DELETE', 'sessions'],
      ['GET', 'second-factor'],
    ] as const) {
      const { status, body } = await api.call(method, `/api/users/${randomUUID()}/${path}`, { token: admin });
      assert.equal(`${status} ${body.code}`, '404 user_not_found', `${method} ${path}`);
    }
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ContextError } from '#libs/contracts';
import { LoginAttempts } from './login-attempts.js';
import { SessionsService } from './sessions.service.js';
import type { UsersSettings } from './users.settings.js';

describe('A login', () => {
  it('that fails for a fault of ours does not count as a wrong password', async () => {
    const limits = { LOGIN_FAILURES_PER_ACCOUNT: 2, LOGIN_FAILURES_PER_ADDRESS: 2 } as UsersSettings;
    let answer: () => Promise<undefined> = async () => Promise.reject(ContextError.of('unavailable'));
    const users = { findByEmail: () => answer() };
    const passwords = { matches: async () => false };
    const nothing = undefined as never;
    const sessions = new SessionsService(
      ...[nothing, users as never, nothing, passwords as never, new LoginAttempts(limits)],
      ...[nothing, nothing, nothing, nothing, nothing],
    );
    const login = () => sessions.login('ada@example.com', 'a password', '10.0.0.1');
    for (let count = 0; count < 5; count += 1) await assert.rejects(login(), { code: 'unavailable' });
    answer = async () => undefined;
    for (let count = 0; count < 2; count += 1) await assert.rejects(login(), { code: 'invalid_credentials' });
    await assert.rejects(login(), { code: 'too_many_requests' });
  });
});

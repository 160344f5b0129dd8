import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LoginAttempts } from './login-attempts.js';
import type { UsersSettings } from './users.settings.js';

describe('LoginAttempts', () => {
  const attempts = () =>
    new LoginAttempts({ LOGIN_FAILURES_PER_ACCOUNT: 3, LOGIN_FAILURES_PER_ADDRESS: 5 } as UsersSettings);

  it('blocks an account after its failures, and says how long to wait', () => {
    const guard = attempts();
    for (let failed = 0; failed < 3; failed += 1) guard.begin('a@example.com', `10.0.0.${failed}`);
    assert.throws(
      () => guard.begin('a@example.com', '10.0.0.9'),
      (error: { code: string; details: { retryAfter: number } }) =>
        error.code === 'too_many_requests' && error.details.retryAfter > 0,
    );
    guard.begin('b@example.com', '10.0.0.1');
  });

  it('blocks an address that tries one password on many accounts', () => {
    const guard = attempts();
    for (let failed = 0; failed < 5; failed += 1) guard.begin(`${failed}@example.com`, '10.0.0.1');
    assert.throws(() => guard.begin('x@example.com', '10.0.0.1'), { code: 'too_many_requests' });
  });

  it('counts one network as one address, however it is written', () => {
    for (const write of [(at: number) => `2001:db8:1:2::${at}`, (at: number) => `[::ffff:10.0.0.1]:${at}`]) {
      const guard = attempts();
      for (let failed = 0; failed < 5; failed += 1) guard.begin(`${failed}@example.com`, write(failed));
      assert.throws(() => guard.begin('x@example.com', write(5)), { code: 'too_many_requests' });
    }
  });

  it('does not count logins that succeed', () => {
    const guard = attempts();
    for (let login = 0; login < 50; login += 1) guard.begin('a@example.com', '10.0.0.1')();
  });

  it('reports a refusal once, until an attempt is allowed again', () => {
    const guard = attempts();
    const reported: string[] = [];
    let from = 0;
    const guess = () =>
      guard.begin('a@example.com', `10.0.0.${(from += 1)}`, (bucket) => reported.push(bucket));
    const takeBack = guess();
    for (let failed = 0; failed < 2; failed += 1) guess();
    for (let refused = 0; refused < 3; refused += 1) assert.throws(guess);
    assert.deepEqual(reported, ['account']);
    takeBack();
    guess();
    assert.throws(guess);
    assert.deepEqual(reported, ['account', 'account']);
  });
});

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { loadSettings, SettingsError } from '@fissile/kit/config';
import './oidc.settings.js';

const ISSUER = 'https://id.example/realms/one';

describe('The settings of an external provider', () => {
  const { NODE_ENV } = process.env;
  afterEach(() => {
    if (NODE_ENV === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = NODE_ENV;
  });

  function errorsOf(environment: Record<string, string>): readonly string[] {
    try {
      loadSettings({ cwd: '/', environment });
      return [];
    } catch (error) {
      assert.ok(error instanceof SettingsError);
      return error.errors;
    }
  }
  const namesOf = (environment: Record<string, string>) =>
    errorsOf(environment).map((line) => /^\w+/.exec(line)?.[0]);

  it('are an address and an audience', () => {
    assert.deepEqual(errorsOf({}), []);
    assert.deepEqual(errorsOf({ AUTH_ISSUER: ISSUER, AUTH_AUDIENCE: 'api' }), []);
    for (const issuer of [
      'id.example',
      'ftp://id.example',
      `${ISSUER}?a=b`,
      `${ISSUER}#a`,
      'https://a:b@id.example',
    ])
      assert.deepEqual(namesOf({ AUTH_ISSUER: issuer, AUTH_AUDIENCE: 'api' }), ['AUTH_ISSUER'], issuer);
  });

  it('need https in production, but for a loopback address', () => {
    process.env['NODE_ENV'] = 'production';
    const found = (issuer: string) => namesOf({ AUTH_ISSUER: issuer, AUTH_AUDIENCE: 'api' });
    for (const issuer of ['http://id.example', 'http://127.0.0.1.example', 'http://10.0.0.1'])
      assert.deepEqual(found(issuer), ['AUTH_ISSUER'], issuer);
    for (const issuer of [ISSUER, 'http://127.0.0.1:9000', 'http://localhost:9000', 'http://[::1]:9000'])
      assert.deepEqual(found(issuer), [], issuer);
    process.env['NODE_ENV'] = 'test';
    assert.deepEqual(found('http://id.example'), []);
  });

  it('go together', () => {
    assert.deepEqual(namesOf({ AUTH_ISSUER: ISSUER }), ['AUTH_AUDIENCE']);
    const alone = { AUTH_AUDIENCE: 'api', AUTH_CLIENT_ID: 'console', AUTH_OWN_TOKENS: 'false' };
    assert.deepEqual(errorsOf(alone), [
      'AUTH_ISSUER (not set): expected with AUTH_AUDIENCE, AUTH_CLIENT_ID, AUTH_OWN_TOKENS=false',
    ]);
  });

  it('have forms', () => {
    const wrong = { AUTH_ROLE_MAP: 'admins', AUTH_SCOPE: 'profile', AUTH_SIGN_IN_PARAMETERS: 'audience' };
    const names = ['AUTH_ROLE_MAP', 'AUTH_SCOPE', 'AUTH_SIGN_IN_PARAMETERS'];
    const good = { AUTH_ISSUER: ISSUER, AUTH_AUDIENCE: 'api' };
    assert.deepEqual(namesOf({ ...good, ...wrong }), names);
    assert.deepEqual(errorsOf({ ...good, AUTH_SIGN_IN_PARAMETERS: 'resource=x,state=y' }), [
      'AUTH_SIGN_IN_PARAMETERS: state cannot be set; the console sets it',
    ]);
  });
});

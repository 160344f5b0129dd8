import type { Credentials } from '@fissile/client';
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { signInAsAdmin } from './admin-session.js';

const EMAIL = 'admin@fissile.example';

describe('A tool that signs in as the admin', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fissile-tool-'));
    file = join(folder, 'admin-credentials.json');
    writeFileSync(file, JSON.stringify({ email: EMAIL, password: 'generated' }));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Against a shop that refuses credentials by a code, or takes them. */
  function signIn(refusal: (sent: Credentials) => string | undefined, environment: NodeJS.ProcessEnv = {}) {
    const fetch = async (request: Request): Promise<Response> => {
      const code = refusal((await request.json()) as Credentials);
      if (code === undefined) return Response.json({ accessToken: 'a', refreshToken: 'r' });
      const problem = { title: code, status: 401, detail: `because of ${code}`, code };
      return Response.json(problem, { status: 401 });
    };
    const options = { url: 'http://shop.example', fetch };
    return signInAsAdmin(options, { DATA_DIR: folder, ...environment });
  }
  const kept = () => JSON.parse(readFileSync(file, 'utf8')) as Credentials;

  it('replaces a generated password, and keeps the next one for its owner alone', async () => {
    let given: string | undefined;
    const { tokens } = await signIn(({ newPassword }) => {
      given = newPassword;
      return newPassword === undefined ? 'password_change_required' : undefined;
    });
    assert.equal(tokens.read()?.accessToken, 'a');
    assert.ok(given && given.length >= 20);
    assert.deepEqual(kept(), { email: EMAIL, password: given });
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ['admin-credentials.json']);
  });

  it('leaves the next password beside the file when it does not learn whether it counts', async () => {
    await assert.rejects(
      signIn(({ newPassword }) =>
        newPassword === undefined ? 'password_change_required' : 'account_disabled',
      ),
    );
    assert.equal(kept().password, 'generated');
    assert.deepEqual(readdirSync(folder).sort(), ['admin-credentials.json', 'admin-credentials.json.next']);
  });

  it('changes no password that somebody has given, and says where to', async () => {
    const given = { ADMIN_EMAIL: EMAIL, ADMIN_PASSWORD: 'given' };
    await assert.rejects(
      signIn(() => 'password_change_required', given),
      { name: 'ToolError', message: /shop\.example\/console/ },
    );
    assert.equal(kept().password, 'generated');
  });

  it('says what to set where the file is out of date, or a code is needed', async () => {
    await assert.rejects(
      signIn(() => 'invalid_credentials'),
      { name: 'ToolError', message: /Set ADMIN_EMAIL and ADMIN_PASSWORD/ },
    );
    const needsCode = ({ code }: Credentials) => (code === '123456' ? undefined : 'second_factor_required');
    await assert.rejects(signIn(needsCode), { name: 'ToolError', message: /Set ADMIN_CODE/ });
    assert.ok(await signIn(needsCode, { ADMIN_CODE: '123456' }));
  });
});

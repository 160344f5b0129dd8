import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, it } from 'node:test';

/** Patterns of keys and tokens in known formats. */
const SECRETS: Readonly<Record<string, RegExp>> = {
  'a private key': /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/,
  'a private JWK': /"d"\s*:\s*"[\w-]{40,}"/,
  'a key of Stripe': /\b[rs]k_live_[A-Za-z0-9]{16,}/,
  'a key of AWS': /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  'a key of Google': /\bAIza[\w-]{35}\b/,
  'a token of GitHub': /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{50,})/,
  'a token of npm': /\bnpm_[A-Za-z0-9]{36}\b|:_authToken\s*=\s*[\w-]{20,}/,
  'a token of Slack': /\bxox[abprs]-[\w-]{20,}/,
  'a signed token': /\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}/,
};

/** Files whose purpose is to hold secrets. */
const KEPT_APART = /(^|\/)(\.env(\..*)?|\.netrc|id_(rsa|ed25519|ecdsa)|.*\.(pem|key|p12|pfx|jks|kdbx))$/;

const secretsIn = (text: string): string[] =>
  Object.entries(SECRETS).flatMap(([what, pattern]) => (pattern.test(text) ? [what] : []));

function filesOfProject(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return listed.split('\0').filter((file) => file !== '' && existsSync(file));
}

describe('The repository', { skip: !existsSync('.git') && 'this is a copy without its history' }, () => {
  it('holds no key or token', () => {
    const files = filesOfProject();
    assert.ok(files.length > 500, 'it has looked');
    const found = files.flatMap((file) =>
      secretsIn(readFileSync(file, 'latin1')).map((what) => `${file}: ${what}`),
    );
    assert.deepEqual(found, []);
  });

  it('holds no file that is made for secrets', () => {
    assert.deepEqual(
      filesOfProject().filter((file) => KEPT_APART.test(file)),
      [],
    );
  });

  it('names no registry and no credentials to npm', () => {
    const files = filesOfProject().filter((file) => basename(file) === '.npmrc');
    assert.deepEqual(files, ['.npmrc'], 'it has looked');
    const settings = files.flatMap((file) => readFileSync(file, 'utf8').split('\n'));
    assert.deepEqual(
      settings.filter((line) => /^\s*[^#;\s]/.test(line)),
      ['loglevel=error'],
    );
  });

  it('would show one of each kind to this very check', () => {
    // Split, so that this file does not match.
    const planted: Readonly<Record<string, string>> = {
      'a private key': ['-----BEGIN', 'EC PRIVATE KEY-----'].join(' '),
      'a private JWK': `{"d": "${'x'.repeat(43)}"}`,
      'a key of Stripe': `sk_${'live'}_${'a1'.repeat(12)}`,
      'a key of AWS': `AKIA${'A1'.repeat(8)}`,
      'a key of Google': `AIza${'a1b2c'.repeat(7)}`,
      'a token of GitHub': `ghp_${'a1'.repeat(18)}`,
      'a token of npm': `npm_${'a1'.repeat(18)}`,
      'a token of Slack': `xoxb-${'a1'.repeat(12)}`,
      'a signed token': ['eyJ', '.eyJ', '.'].map((start) => start + 'a1'.repeat(12)).join(''),
    };
    assert.deepEqual(Object.keys(planted), Object.keys(SECRETS));
    for (const [what, text] of Object.entries(planted)) assert.deepEqual(secretsIn(`x = '${text}';`), [what]);
    for (const file of ['.env', 'k8s/tls.key', 'deploy/.env.production', 'id_rsa'])
      assert.match(file, KEPT_APART);
  });
});

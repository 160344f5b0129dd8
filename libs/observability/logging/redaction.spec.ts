import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { redactor } from './redaction.js';

const redact = redactor(['the-internal-secret-"quoted"', 'hunter2-of-the-database']);

describe('Redaction of log lines', () => {
  for (const [what, text] of Object.entries({
    'a password by its name': { password: 'open sesame', note: 1 },
    'a token deep inside': { body: { session: { refreshToken: 'open sesame' } } },
    'headers by their names': { headers: { authorization: 'open sesame', 'set-cookie': 'open sesame' } },
    'JSON inside a text': { msg: 'got {"newPassword":"open sesame","x":1}' },
    'an object as Node shows it': { msg: "{ password: 'open sesame', x: 1 }" },
    'a query string': { msg: 'GET /api/alpha?email=open&q=sesame failed' },
    'a form': { msg: 'grant_type=x&password=sesame' },
    'a bearer token': { msg: 'Authorization: Bearer sesame.sesame-sesame' },
    'a JSON web token': { msg: 'cannot read eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJzZXNhbWUifQ.c2VzYW1l' },
    'the key of a provider': { msg: 'No such key: sk_test_sesame123' },
    'the hash of a password': { msg: 'row with $argon2id$v=19$m=19456,t=2,p=1$sesame$sesame' },
    'an address with a password': { msg: 'connect postgres://toy:sesame@127.0.0.1:5432/alpha failed' },
    'a duplicate of PostgreSQL': { err: { detail: 'Key (name, city)=(Sesame, Open (old)) already exists.' } },
    'a row of PostgreSQL': { err: { detail: 'Failing row contains (1, sesame, (x), null).' } },
    'a secret setting': { msg: 'bad secret the-internal-secret-"quoted"' },
    'a secret setting of the database': { msg: 'FATAL hunter2-of-the-database' },
  })) {
    it(`hides ${what}`, () => {
      const line = redact(JSON.stringify(text));
      assert.doesNotMatch(line, /sesame|c2VzYW1l|Sesame|hunter2|internal-secret/i);
      assert.ok(line.includes('[redacted]'));
      assert.doesNotThrow(() => JSON.parse(line), line);
    });
  }

  it('hides emails wherever they stand, also in a mail server’s answer', () => {
    const line = redact('{"msg":"550 <ada.o\'hara+toy@mail.example.com>: unknown; grüße@bücher.example"}');
    assert.equal(line, '{"msg":"550 <[redacted]>: unknown; [redacted]"}');
  });

  it('hides the numbers of cards, and leaves the JSON and other numbers as they are', () => {
    const shown = '{"time":1764025959000,"n":1234567890123456,"total":135445859}';
    assert.equal(redact(shown), shown);
    const hidden = redact('{"msg":"4242 4242 4242 4242 and 4242424242424242","n":4242424242424242}');
    assert.deepEqual(JSON.parse(hidden), { msg: '[redacted] and [redacted]', n: 0 });
  });

  it('leaves an ordinary line as it is', () => {
    const line =
      '{"level":30,"time":1764025959000,"pid":12,"requestId":"0197d3b5-7f00-7000-8000-000000000000",' +
      '"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","context":"SagaEngine",' +
      '"msg":"saga 0197d3b5-7f00-7000-8000-000000000001: undo (x@2) failed at file:///app/node_modules/@nestjs/core/a.js:1:2"}';
    assert.equal(redact(line), line);
  });
});

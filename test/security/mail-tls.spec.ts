import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, afterEach, before, beforeEach, describe, it, mock } from 'node:test';
import { loadSettings, settingsOf } from '@fissile/kit/config';
import { MailSettings, MailTransport } from '@fissile/kit/mail';
import { makeTestCertificates, type TestCertificates } from '@fissile/kit/testing';
import { MailServer, type MailSecurity } from '../harness/mail-server.js';

const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'A mail.' };

describe('Connections by TLS to a mail server', () => {
  let certificates: TestCertificates;
  const logged: string[] = [];
  const cleanUps: (() => unknown)[] = [];

  before(() => {
    certificates = makeTestCertificates();
  });

  beforeEach(() => {
    logged.length = 0;
    mock.method(Logger.prototype, 'error', (line: unknown) => void logged.push(String(line)));
  });

  afterEach(async () => {
    mock.restoreAll();
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });

  after(() => certificates.remove());

  async function open(kind: MailSecurity['kind']): Promise<MailServer> {
    const server = await MailServer.start({ kind, certificates });
    cleanUps.push(() => server.close());
    return server;
  }

  function transportWith(environment: Record<string, string | undefined>): MailTransport {
    const loaded = loadSettings({
      cwd: tmpdir(),
      readsYaml: false,
      environment: {
        SMTP_TLS_CA_FILE: certificates.ca,
        SMTP_TLS_CERT_FILE: certificates.cert,
        SMTP_TLS_KEY_FILE: certificates.key,
        ...environment,
      },
    });
    const transport = new MailTransport(settingsOf(MailSettings, loaded));
    cleanUps.push(() => transport.onApplicationShutdown());
    return transport;
  }

  for (const kind of ['STARTTLS', 'implicit TLS'] as const) {
    describe(`by ${kind}`, () => {
      it('carry mails with its authority and a certificate of it, and not with one of another', async () => {
        const server = await open(kind);
        await transportWith({ SMTP_URL: server.url }).send({ ...MAIL, id: 'first' });
        const mine = makeTestCertificates();
        cleanUps.push(() => mine.remove());
        await assert.rejects(
          transportWith({
            SMTP_URL: server.url,
            SMTP_TLS_CERT_FILE: mine.cert,
            SMTP_TLS_KEY_FILE: mine.key,
          }).send({
            ...MAIL,
            id: 'foreign',
          }),
        );
        assert.deepEqual(
          server.mails.map(({ messageId, wasSecured }) => [messageId, wasSecured]),
          [['<first@fissile>', true]],
        );
      });

      it('are made with files that were replaced since the start', async () => {
        const server = await open(kind);
        const mine = makeTestCertificates();
        cleanUps.push(() => mine.remove());
        const transport = transportWith({ SMTP_URL: server.url, SMTP_TLS_CA_FILE: mine.ca });
        await assert.rejects(transport.send({ ...MAIL, id: 'refused' }));
        copyFileSync(certificates.ca, mine.ca);
        await transport.send({ ...MAIL, id: 'taken' });
        assert.deepEqual(
          server.mails.map(({ messageId }) => messageId),
          ['<taken@fissile>'],
        );
      });

      for (const [what, given, message] of [
        [
          'another authority',
          () => ({ SMTP_TLS_CA_FILE: certificates.otherCa }),
          /SMTP_TLS_CA_FILE has to name a file with the authority's certificate/,
        ],
        ['no authority', () => ({ SMTP_TLS_CA_FILE: undefined }), /SMTP_TLS_CA_FILE has to name a file/],
        ['another name', () => ({}), /certificate is for another name/],
        [
          'no certificate of its own',
          () => ({ SMTP_TLS_CERT_FILE: undefined, SMTP_TLS_KEY_FILE: undefined }),
          /client certificate that it trusts: SMTP_TLS_CERT_FILE and SMTP_TLS_KEY_FILE/,
        ],
      ] as const) {
        it(`are refused with ${what}, and one line says what to do`, async () => {
          const server = await open(kind);
          const url = what === 'another name' ? server.url.replace('localhost', '127.0.0.1') : server.url;
          const transport = transportWith({ ...given(), SMTP_URL: url });
          for (const id of ['first', 'again']) await assert.rejects(transport.send({ ...MAIL, id }));
          assert.equal(logged.length, 1, logged.join('\n'));
          assert.match(logged[0] ?? '', message);
          assert.deepEqual(server.mails, []);
        });
      }
    });
  }

  it('are not given up for a server that offers no STARTTLS: it gets no mail', async () => {
    const server = await MailServer.start();
    cleanUps.push(() => server.close());
    await assert.rejects(transportWith({ SMTP_URL: server.url }).send({ ...MAIL, id: 'plain' }), {
      code: 'ETLS',
    });
    assert.deepEqual(server.mails, []);
  });
});

import { Logger } from '@nestjs/common';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { after, afterEach, before, beforeEach, describe, it, mock } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { loadSettings, settingsOf } from '@fissile/kit/config';
import type { EventEnvelope } from '@fissile/kit/contract';
import {
  brokerUrl,
  KafkaGate,
  type KafkaMock,
  makeTestCertificates,
  startKafka,
  type TestCertificates,
  until,
} from '@fissile/kit/testing';
import { MessagingSettings } from '../../messaging.settings.js';
import { BrokerEventBus } from '../broker-event-bus.js';
import { LocalEventBus } from '../local-event-bus.js';
import { kafkaBroker } from './kafka-broker.js';

const USER = 'alpha';
const SESSION_MS = 1_500;

describe('Connections to Kafka', { skip: brokerUrl('kafka') === undefined }, () => {
  let certificates: TestCertificates;
  let kafka: KafkaMock;
  let gate: KafkaGate;
  let passwords: string[];
  const buses: BrokerEventBus[] = [];
  const logged: string[] = [];

  before(async () => {
    certificates = makeTestCertificates();
    kafka = await startKafka();
    const isPassword = (password: string): boolean => passwords.includes(password);
    gate = await KafkaGate.open(kafka, {
      certificates,
      user: { name: USER, isPassword, sessionMs: SESSION_MS },
    });
  });

  beforeEach(() => {
    passwords = ['old'];
    logged.length = 0;
    mock.method(Logger.prototype, 'warn', (line: unknown) => void logged.push(String(line)));
  });

  afterEach(async () => {
    await Promise.all(buses.splice(0).map((bus) => bus.onModuleDestroy()));
    mock.restoreAll();
  });

  after(async () => {
    await gate?.close();
    await kafka?.stop();
    certificates.remove();
  });

  function settingsWith(environment: Record<string, string | undefined> = {}): MessagingSettings {
    const given = {
      KAFKA_BROKERS: gate.url,
      KAFKA_TLS_CA_FILE: certificates.ca,
      KAFKA_TLS_CERT_FILE: certificates.cert,
      KAFKA_TLS_KEY_FILE: certificates.key,
      KAFKA_SASL_MECHANISM: 'PLAIN',
      KAFKA_SASL_USERNAME: USER,
      KAFKA_SASL_PASSWORD: 'old',
      ...environment,
    };
    return settingsOf(
      MessagingSettings,
      loadSettings({ cwd: tmpdir(), readsYaml: false, environment: given }),
    );
  }

  function open(settings: MessagingSettings, receive = (_subject: string): void => undefined) {
    const prefix = `k${randomBytes(5).toString('hex')}`;
    const bus = new BrokerEventBus(kafkaBroker({ settings, prefix, sessionMs: 4_000 }), new LocalEventBus());
    buses.push(bus);
    bus.subscribe({
      context: 'alpha',
      handledEventNames: () => ['tests.happened'],
      deliver: () => Promise.reject(new Error('not delivered in this test')),
      receive: async (message) => receive((JSON.parse(message) as EventEnvelope).subject),
    });
    bus.onApplicationBootstrap();
    return bus;
  }

  it('carry events by TLS and SASL, and go on by a new password when the old one is no longer good', async () => {
    const settings = settingsWith();
    const received: string[] = [];
    const bus = open(settings, (subject) => received.push(subject));
    await until('it is connected', () => bus.isConnected);
    await bus.publish(envelopeOf('first'));
    await until('it arrives', () => received.includes('first'));

    passwords.push('new');
    Object.assign(settings, { KAFKA_SASL_PASSWORD: 'new' });
    passwords.shift();
    const { signedIn } = gate;
    await until('its connections have signed in again', () => gate.signedIn > signedIn + 2);
    await bus.publish(envelopeOf('second'));
    await until('it arrives', () => received.includes('second'));
    assert.ok(bus.isConnected);
    assert.deepEqual(logged, [], 'and nothing was lost meanwhile');
  });

  for (const [what, given, message] of [
    [
      'another authority',
      () => ({ KAFKA_TLS_CA_FILE: certificates.otherCa }),
      /KAFKA_TLS_CA_FILE has to name a file with the authority's certificate/,
    ],
    [
      'another name',
      () => ({ KAFKA_BROKERS: gate.url.replace('localhost', '127.0.0.1') }),
      /certificate is for another name/,
    ],
    [
      'no certificate of its own',
      () => ({ KAFKA_TLS_CERT_FILE: undefined, KAFKA_TLS_KEY_FILE: undefined }),
      /client certificate that it trusts: KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE/,
    ],
    ['another password', () => ({ KAFKA_SASL_PASSWORD: 'guessed' }), /SASL authentication failed/],
  ] as const) {
    it(`are refused with ${what}, and one line says why`, async () => {
      const bus = open(settingsWith(given()));
      await until('it is logged', () => logged.length > 0);
      assert.equal(logged.length, 1, logged.join('\n'));
      assert.match(logged[0] ?? '', message);
      assert.equal(bus.isConnected, false);
    });
  }
});

function envelopeOf(subject: string): EventEnvelope {
  return {
    specversion: '1.0',
    id: uuidv7(),
    source: '/tests',
    type: 'tests.happened.v1',
    subject,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: {},
  };
}

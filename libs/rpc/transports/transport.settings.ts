import { z } from 'zod';
import {
  address,
  readableFile,
  secretGenerations,
  settings,
  SettingsGroup,
  textLike,
  tlsErrors,
  tlsSettings,
  wholeNumber,
} from '@fissile/kit/config';

import { isKeySet } from '../identity/key-set.js';
import { isProcessKey } from '../identity/process-key.js';

export const TRANSPORTS = ['grpc', 'tcp', 'nats', 'rmq', 'redis'] as const;

export type TransportName = (typeof TRANSPORTS)[number];

const GRPC_CALLS = ['stream', 'unary'] as const;

export type GrpcCalls = (typeof GRPC_CALLS)[number];

export const BROKER_MESSAGES = ['plain', 'accept', 'require'] as const;

const SERVERS = ['NATS', 'RABBITMQ', 'REDIS', 'INTERNAL'];
const INTERNAL_FILES = ['INTERNAL_TLS_CA_FILE', 'INTERNAL_TLS_CERT_FILE', 'INTERNAL_TLS_KEY_FILE'];

/** Between processes each side has a certificate and checks that of the other, so it takes all three files. */
function checkTransport(values: object): string[] {
  const isGiven = (name: string): boolean => (values as Record<string, unknown>)[name] !== undefined;
  const errors = SERVERS.flatMap((server) => tlsErrors(server, values));
  const missing = INTERNAL_FILES.filter((name) => !isGiven(name));
  if (missing.length === 0 || missing.length === INTERNAL_FILES.length) return errors;
  const wanted = missing.map(
    (name) => `${name} (not set): needed, since processes check each other's certificates`,
  );
  return [...errors.filter((error) => !error.startsWith('INTERNAL_')), ...wanted];
}

@SettingsGroup()
export class TransportSettings extends settings(
  {
    TRANSPORT: {
      schema: z.enum(TRANSPORTS, { error: `expected one of ${TRANSPORTS.join(', ')}` }).default('grpc'),
      description: 'What carries calls between processes.',
    },
    GRPC_CALLS: {
      schema: z.enum(GRPC_CALLS, { error: `expected one of ${GRPC_CALLS.join(', ')}` }).default('stream'),
      description:
        'How the processes call each other over gRPC: in one stream to each process, or each call by itself, ' +
        'which costs more and lets a mesh see and spread single calls.',
    },
    TRANSPORT_PREFIX: {
      schema: textLike(/^[a-z][a-z0-9-]{0,30}$/, 'small letters, digits and -').default('fissile'),
      description: 'Start of the names of queues and subjects, so that several products can share a broker.',
    },
    BROKER_MESSAGES: {
      schema: z
        .enum(BROKER_MESSAGES, { error: `expected one of ${BROKER_MESSAGES.join(', ')}` })
        .default('require'),
      description:
        'How far events, calls and answers that go through a broker must show that a process of the product has sent them. ' +
        'require: others are refused. accept, while processes of a version before 0.3 run: this process signs and encrypts, and ' +
        'takes what nobody has signed. plain, as long as such processes are called over a broker: nor does it encrypt calls.',
    },
    NATS_URL: {
      schema: address('nats', 'tls').default('nats://127.0.0.1:4222'),
      description: 'Address of the NATS server.',
      secret: true,
      renewable: true,
    },
    ...tlsSettings('NATS', 'the NATS server'),
    NATS_CREDENTIALS_FILE: {
      schema: readableFile(),
      description:
        'A credentials file of NATS, with the JWT and the seed of a user, in place of a user and password in NATS_URL.',
    },
    RABBITMQ_URL: {
      schema: address('amqp', 'amqps').default('amqp://127.0.0.1:5672'),
      description: 'Address of the RabbitMQ server.',
      secret: true,
      renewable: true,
    },
    ...tlsSettings('RABBITMQ', 'the RabbitMQ server'),
    REDIS_URL: {
      schema: address('redis', 'rediss').default('redis://127.0.0.1:6379'),
      description: 'Address of the Redis server.',
      secret: true,
      renewable: true,
    },
    ...tlsSettings('REDIS', 'the Redis server'),
    ...tlsSettings('INTERNAL', 'the other processes of the product'),
    CALL_TIMEOUT_MS: {
      schema: wholeNumber(50, 600_000).default(5_000),
      description:
        'How long a call to another context may take, when the request behind it leaves that much.',
      fromConsul: true,
    },
    CALL_LIMIT_BYTES: {
      schema: wholeNumber(64 * 1024, 64 * 1024 * 1024).default(16 * 1024 * 1024),
      description:
        'The longest call or answer between processes. A longer one is refused by its announced length, before any of it is kept.',
    },
    INTERNAL_AUTH_KEY: {
      schema: z
        .string()
        .refine(isProcessKey, 'expected an Ed25519 key in PKCS#8')
        .meta({ expected: 'an Ed25519 key in PKCS#8' })
        .optional(),
      description:
        'The private key of this process, by which it is itself and no other can call in its name: PKCS#8, as PEM or in one line of ' +
        'base64.',
      secret: true,
      renewable: true,
    },
    INTERNAL_AUTH_KEYS: {
      schema: z
        .string()
        .refine(isKeySet, 'expected a JSON Web Key Set')
        .meta({ expected: 'a JSON Web Key Set' })
        .optional(),
      description:
        'The public keys of all processes, the same for all: a JSON Web Key Set of Ed25519 keys, each with the name of its process ' +
        'in `process`.',
      renewable: true,
    },
    INTERNAL_AUTH_SECRET: {
      schema: secretGenerations(32).optional(),
      description:
        'A secret by which the processes of the product authenticate each other where they have no keys; who has it can call as any ' +
        'of them. In production several processes need it or keys; elsewhere each makes a key of its own, kept in DATA_DIR. ' +
        'While it is being changed it has several, one a line: all are accepted, and the first is used.',
      secret: true,
      renewable: true,
    },
    BROKER_SECRET: {
      schema: secretGenerations(32).optional(),
      description:
        'Signs events on a broker, and encrypts calls that go through one; the same for all processes. Without it that is ' +
        'INTERNAL_AUTH_SECRET, and outside production one that is kept in DATA_DIR. While it is being changed it has several, one a line.',
      secret: true,
      renewable: true,
    },
  },
  checkTransport,
) {}

import { z } from 'zod';
import { address, settings, SettingsGroup, textLike, wholeNumber } from '@fissile/kit/config';

import { isKeySet } from '../identity/key-set.js';
import { isProcessKey } from '../identity/process-key.js';

export const TRANSPORTS = ['grpc', 'tcp', 'nats', 'rmq', 'redis'] as const;

export type TransportName = (typeof TRANSPORTS)[number];

const GRPC_CALLS = ['stream', 'unary'] as const;

export type GrpcCalls = (typeof GRPC_CALLS)[number];

@SettingsGroup()
export class TransportSettings extends settings({
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
  NATS_URL: {
    schema: address('nats', 'tls').default('nats://127.0.0.1:4222'),
    description: 'Address of the NATS server.',
    secret: true,
  },
  RABBITMQ_URL: {
    schema: address('amqp', 'amqps').default('amqp://127.0.0.1:5672'),
    description: 'Address of the RabbitMQ server.',
    secret: true,
  },
  REDIS_URL: {
    schema: address('redis', 'rediss').default('redis://127.0.0.1:6379'),
    description: 'Address of the Redis server.',
    secret: true,
  },
  CALL_TIMEOUT_MS: {
    schema: wholeNumber(50, 600_000).default(5_000),
    description: 'How long a call to another context may take, when the request behind it leaves that much.',
    fromConsul: true,
  },
  CALL_LIMIT_BYTES: {
    schema: wholeNumber(64 * 1024, 64 * 1024 * 1024).default(4 * 1024 * 1024),
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
      'base64. Read again when its file changes.',
    secret: true,
  },
  INTERNAL_AUTH_KEYS: {
    schema: z
      .string()
      .refine(isKeySet, 'expected a JSON Web Key Set')
      .meta({ expected: 'a JSON Web Key Set' })
      .optional(),
    description:
      'The public keys of all processes, the same for all: a JSON Web Key Set of Ed25519 keys, each with the name of its process ' +
      'in `process`. Read again when its file changes.',
  },
  INTERNAL_AUTH_SECRET: {
    schema: z.string().min(32, 'expected at least 32 characters').optional(),
    description:
      'A secret by which the processes of the product authenticate each other where they have no keys; who has it can call as any ' +
      'of them. In production several processes need it or keys; elsewhere each makes a key of its own, kept in DATA_DIR.',
    secret: true,
  },
}) {}

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Redis } from 'ioredis';
import { brokerUrl } from '@fissile/kit/testing';
import {
  type BrokerWithAccounts,
  orderOver,
  PREFIX,
  redisWithAccounts,
} from '../harness/broker-with-accounts.js';
import { COMPONENTS, CONTEXTS } from '#contracts';
import { RedisIntruder } from './redis-probes.js';

describe('Accounts of processes at Redis', { skip: brokerUrl('redis') === undefined }, () => {
  let broker: BrokerWithAccounts;

  before(async () => {
    broker = await redisWithAccounts();
  });

  after(() => broker.stop());

  const as = async (
    account: string | undefined,
    work: (intruder: RedisIntruder) => Promise<void>,
  ): Promise<void> => {
    const intruder = await RedisIntruder.connect(broker.urlFor(account));
    try {
      await work(intruder);
    } finally {
      intruder.close();
    }
  };

  it('do all that a shop does whose calls go through it, and whose gateway counts requests there', async () => {
    const output = await orderOver(broker, {
      setting: 'REDIS_URL',
      env: { TRANSPORT: 'redis', EVENT_BUS: 'direct', THROTTLE_STORAGE: 'redis', THROTTLE_ENABLED: 'true' },
    });
    for (const [app, text] of output) {
      assert.doesNotMatch(text, /NOPERM|Redis is unavailable for rate limiting/, app);
    }
    const everybody = new Redis(broker.urlFor());
    try {
      // What it counted is forgotten within seconds.
      const stats = await everybody.info('commandstats');
      for (const command of ['evalsha', 'hset']) assert.match(stats, new RegExp(`cmdstat_${command}:calls=`));
    } finally {
      everybody.disconnect();
    }
  });

  it('read calls, cancellations and answers that are for their own process alone', async () => {
    for (const account of COMPONENTS) {
      const others = COMPONENTS.filter((name) => name !== account);
      const forbidden = others.flatMap((name) => [
        ...[name, `process-${name}`].flatMap((target) => [
          `${PREFIX}.calls.${target}`,
          `${PREFIX}.cancelled-calls.${target}`,
        ]),
        `${PREFIX}.answers.${name}.1.${account}`,
      ]);
      const patterns = ['*', `${PREFIX}.*`, `${PREFIX}.calls.*`, `${PREFIX}.answers.*`, '__key*__:*'];
      await as(account, async (intruder) => {
        assert.ok(await intruder.mayHear(`${PREFIX}.calls.process-${account}`));
        assert.ok(await intruder.mayHear(`${PREFIX}.answers.${account}.1.orders`));
        for (const channel of forbidden) {
          assert.equal(await intruder.mayHear(channel), false, `${account}: ${channel}`);
        }
        for (const pattern of patterns) {
          assert.equal(await intruder.mayHearAll(pattern), false, `${account}: ${pattern}`);
        }
      });
      await as(undefined, async (everybody) => {
        for (const channel of forbidden) assert.ok(await everybody.mayHear(channel), channel);
        for (const pattern of patterns) assert.ok(await everybody.mayHearAll(pattern), pattern);
      });
    }
  });

  it('answer in the name of their own contexts alone', async () => {
    const answersOf = (context: string): string => `${PREFIX}.answers.gateway.1.${context}`;
    for (const account of CONTEXTS) {
      await as(account, async (intruder) => {
        for (const context of CONTEXTS) {
          const isAllowed = await intruder.mayPublish(answersOf(context));
          assert.equal(isAllowed, context === account, `${account} answers for ${context}`);
        }
        for (const channel of ['anything', `${PREFIX}.answers.gateway.1`, `${PREFIX}.other.${account}`]) {
          assert.equal(await intruder.mayPublish(channel), false, `${account}: ${channel}`);
        }
      });
    }
    await as(undefined, async (everybody) => {
      for (const context of CONTEXTS) assert.ok(await everybody.mayPublish(answersOf(context)), context);
    });
  });

  it('touch no keys but marks of calls, which they cannot read, and at the gateway counts of requests', async () => {
    const mark = `${PREFIX}:claimed-call:1`;
    const bucket = `${PREFIX}:throttle:{1}:all`;
    const count = ['EVAL', "return redis.call('HSET', KEYS[1], 'tokens', '1')", '1'];
    const forbidden = [
      ['GET', mark],
      ['SET', mark, '1', 'GET'],
      ['DEL', mark],
      ['SET', 'another', '1'],
      ['DEL', bucket],
      [...count, 'other'],
      ['EVAL', "return redis.call('HSET', 'other', 'tokens', '1')", '0'],
    ];
    for (const account of COMPONENTS) {
      await as(account, async (intruder) => {
        assert.ok(await intruder.may('SET', mark, '1', 'PX', '1000'), account);
        assert.equal(await intruder.may(...([...count, bucket] as [string])), account === 'gateway', account);
        for (const command of forbidden) {
          const isAllowed = await intruder.may(...(command as [string]));
          assert.equal(isAllowed, false, `${account}: ${command.join(' ')}`);
        }
      });
    }
    await as(undefined, async (everybody) => {
      for (const command of forbidden) {
        assert.ok(await everybody.may(...(command as [string])), command.join(' '));
      }
    });
  });

  it('have no commands of administrators, and nobody else has any', async () => {
    for (const account of COMPONENTS) {
      await as(account, async (intruder) => {
        for (const command of [...ADMINISTRATION, ['MONITOR'], ['SHUTDOWN', 'NOSAVE']]) {
          const isAllowed = await intruder.may(...(command as [string]));
          assert.equal(isAllowed, false, `${account}: ${command.join(' ')}`);
        }
      });
    }
    await as(undefined, async (everybody) => {
      for (const command of ADMINISTRATION) {
        assert.ok(await everybody.may(...(command as [string])), command.join(' '));
      }
    });
    const stranger = new Redis(broker.urlFor().replace(/\/\/.*@/, '//'), { enableReadyCheck: false });
    try {
      await assert.rejects(stranger.get('other'), /NOAUTH/);
      // By this user a container asks whether its server answers.
      assert.equal(await stranger.call('AUTH', 'health', 'none'), 'OK');
      assert.equal(await stranger.ping(), 'PONG');
      await assert.rejects(stranger.publish(`${PREFIX}.calls.orders`, ''), /NOPERM/);
    } finally {
      stranger.disconnect();
    }
  });
});

const ADMINISTRATION = [
  ['FLUSHALL'],
  ['FLUSHDB'],
  ['KEYS', '*'],
  ['SCAN', '0'],
  ['CONFIG', 'GET', '*'],
  ['CONFIG', 'SET', 'maxmemory', '0'],
  ['ACL', 'LIST'],
  ['ACL', 'SETUSER', 'intruder'],
  ['CLIENT', 'LIST'],
  ['CLIENT', 'KILL', 'USER', 'intruder'],
  ['PUBSUB', 'CHANNELS'],
  ['SCRIPT', 'FLUSH'],
  ['FUNCTION', 'LIST'],
  ['REPLICAOF', 'NO', 'ONE'],
  ['LASTSAVE'],
];

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventNameOf } from '@fissile/kit/contract';
import { brokerUrl } from '@fissile/kit/testing';
import {
  type BrokerWithAccounts,
  natsWithAccounts,
  orderOver,
  PREFIX,
  rabbitmqWithAccounts,
} from '../harness/broker-with-accounts.js';
import { COMPONENTS, CONTEXTS, shop } from '#contracts';
import { NatsIntruder } from './nats-probes.js';
import { RabbitmqIntruder } from './rabbitmq-probes.js';

const EVENTS = shop.contexts.flatMap(({ name, publishes }) =>
  publishes.map((event) => ({ name: event.name, context: name })),
);
/** The contexts that handle events. */
const HANDLING = CONTEXTS.filter((context) => shop.subscriptionsOf(context).length > 0);

describe('Accounts of processes at NATS', { skip: brokerUrl('nats') === undefined }, () => {
  let broker: BrokerWithAccounts;

  before(async () => {
    broker = await natsWithAccounts();
  });

  after(() => broker.stop());

  const as = async <T>(
    account: string | undefined,
    work: (intruder: NatsIntruder) => Promise<T>,
  ): Promise<T> => {
    const intruder = await NatsIntruder.connect(broker.urlFor(account));
    try {
      return await work(intruder);
    } finally {
      await intruder.close();
    }
  };

  it('do all that a shop does whose events and calls go through it', async () => {
    const output = await orderOver(broker, {
      setting: 'NATS_URL',
      env: { TRANSPORT: 'nats', EVENT_BUS: 'nats' },
    });
    for (const [app, text] of output) {
      assert.doesNotMatch(text, /permissions? violation/i, app);
    }
  });

  it('publish the events of their own contexts alone', async () => {
    for (const account of COMPONENTS) {
      await as(account, async (intruder) => {
        for (const { name, context } of EVENTS) {
          const isAllowed = await intruder.mayPublish(`${PREFIX}.events.0.${name}`);
          assert.equal(isAllowed, context === account, `${account} publishes ${name}`);
        }
      });
    }
  });

  it('take no events of others, touch neither the stream nor its consumers, and answer nobody who did not ask', async () => {
    for (const account of COMPONENTS) {
      const forbidden = [...alienSubjects(account), ...INNER_SUBJECTS];
      await as(account, async (intruder) => {
        for (const subject of forbidden) {
          assert.equal(await intruder.mayPublish(subject), false, `${account}: ${subject}`);
        }
      });
      await as(undefined, async (everybody) => {
        for (const subject of forbidden) assert.ok(await everybody.mayPublish(subject), subject);
      });
    }
  });

  it('read calls and answers that are for their own process alone', async () => {
    for (const account of COMPONENTS) {
      const others = COMPONENTS.filter((name) => name !== account);
      const forbidden = [
        '>',
        '_INBOX.>',
        `${PREFIX}.>`,
        `${PREFIX}.events.>`,
        `${PREFIX}.calls.*`,
        '$JS.API.>',
        ...others.map((name) => `_INBOX.${name}.>`),
        ...others.flatMap((name) => [`${PREFIX}.calls.${name}`, `${PREFIX}.cancelled-calls.${name}`]),
      ];
      await as(account, async (intruder) => {
        assert.ok(await intruder.mayRead(`_INBOX.${account}.>`));
        for (const subject of forbidden) {
          assert.equal(await intruder.mayRead(subject), false, `${account}: ${subject}`);
        }
      });
      await as(undefined, async (everybody) => {
        for (const subject of forbidden) assert.ok(await everybody.mayRead(subject), subject);
      });
    }
  });

  /** Of the consumers that are not of the account's context, and answers to other processes. */
  function alienSubjects(account: string): string[] {
    return [
      ...CONTEXTS.filter((context) => context !== account || !HANDLING.includes(context)).flatMap((context) =>
        consumerSubjects(`${PREFIX}-events.${context}-0`),
      ),
      ...COMPONENTS.map((name) => `_INBOX.${name}.1`),
    ];
  }
});

describe('Accounts of processes at RabbitMQ', { skip: brokerUrl('rabbitmq') === undefined }, () => {
  let broker: BrokerWithAccounts;

  before(async () => {
    broker = await rabbitmqWithAccounts();
  });

  after(() => broker.stop());

  const as = async (
    account: string | undefined,
    work: (intruder: RabbitmqIntruder) => Promise<void>,
  ): Promise<void> => {
    const intruder = await RabbitmqIntruder.connect(broker.urlFor(account));
    try {
      await work(intruder);
    } finally {
      await intruder.close();
    }
  };
  const exchange = `${PREFIX}.events`;
  const queueOf = (context: string): string => `${exchange}.${context}`;

  it('do all that a shop does whose events and calls go through it', async () => {
    const output = await orderOver(broker, {
      setting: 'RABBITMQ_URL',
      env: { TRANSPORT: 'rmq', EVENT_BUS: 'rabbitmq' },
    });
    for (const [app, text] of output) assert.doesNotMatch(text, /access.refused/i, app);
  });

  it('publish the events of their own contexts alone', async () => {
    for (const account of COMPONENTS) {
      await as(account, async (intruder) => {
        for (const { name, context } of EVENTS) {
          const isAllowed = await intruder.mayPublish(exchange, name);
          assert.equal(isAllowed, context === account, `${account} publishes ${name}`);
        }
        assert.equal(await intruder.mayPublish(`${exchange}.dead`, 'notifications'), false, account);
      });
    }
    await as(undefined, async (everybody) => {
      for (const { name } of EVENTS) assert.ok(await everybody.mayPublish(exchange, name), name);
      assert.ok(await everybody.mayPublish(`${exchange}.dead`, 'notifications'));
    });
  });

  it('read and empty the queues of their own contexts alone, and declare none to hear events by', async () => {
    for (const account of COMPONENTS) {
      const others = HANDLING.filter((context) => context !== account);
      await as(account, async (intruder) => {
        for (const queue of others.flatMap((context) => [queueOf(context), `${queueOf(context)}.dead`])) {
          assert.equal(await intruder.mayRead(queue), false, `${account} reads ${queue}`);
          assert.equal(await intruder.mayPurge(queue), false, `${account} empties ${queue}`);
        }
        assert.equal(await intruder.mayDeclare(`${exchange}.intruder`), false, account);
        assert.equal(await intruder.mayDeclare(`${PREFIX}.calls.intruder`), false, account);
      });
    }
    await as(undefined, async (everybody) => {
      for (const queue of HANDLING.map(queueOf)) assert.ok(await everybody.mayRead(queue), queue);
      for (const queue of HANDLING.map(queueOf)) assert.ok(await everybody.mayPurge(queue), queue);
      assert.ok(await everybody.mayDeclare(`${exchange}.intruder`));
    });
  });

  it('hear no other events than those that their contexts handle', async () => {
    for (const context of HANDLING) {
      const handled = shop.subscriptionsOf(context);
      await as(context, async (intruder) => {
        for (const { name } of EVENTS) {
          const eventName = eventNameOf(name);
          const isAllowed = await intruder.mayBind(queueOf(context), exchange, `${eventName}.*`);
          assert.equal(isAllowed, handled.includes(eventName), `${context} hears ${eventName}`);
        }
        assert.equal(await intruder.mayBind(queueOf(context), exchange, '#'), false);
      });
    }
  });

  it('take no calls of other contexts', async () => {
    await as(undefined, async (everybody) => {
      for (const name of CONTEXTS) assert.ok(await everybody.mayDeclare(`${PREFIX}.calls.${name}-other`));
    });
    for (const account of COMPONENTS) {
      await as(account, async (intruder) => {
        for (const name of COMPONENTS.filter((other) => other !== account)) {
          assert.equal(await intruder.mayDeclare(`${PREFIX}.calls.${name}`), false, `${account} as ${name}`);
          assert.equal(
            await intruder.mayRead(`${PREFIX}.calls.process-${name}`),
            false,
            `${account}: ${name}`,
          );
        }
      });
    }
  });
});

const INNER_SUBJECTS = [
  ...['DELETE', 'PURGE', 'UPDATE', 'MSG.GET', 'MSG.DELETE'].map(
    (what) => `$JS.API.STREAM.${what}.${PREFIX}-events`,
  ),
  `$JS.API.DIRECT.GET.${PREFIX}-events`,
  '$JS.API.STREAM.CREATE.other',
  `$JS.API.CONSUMER.CREATE.${PREFIX}-events`,
  `$JS.API.CONSUMER.CREATE.${PREFIX}-events.other`,
];

function consumerSubjects(consumer: string): string[] {
  return [
    `$JS.API.CONSUMER.CREATE.${consumer}.${PREFIX}.events.0.>`,
    `$JS.API.CONSUMER.DELETE.${consumer}`,
    `$JS.API.CONSUMER.INFO.${consumer}`,
    `$JS.API.CONSUMER.MSG.NEXT.${consumer}`,
    `$JS.ACK.${consumer}.1.1.1.1.1`,
  ];
}

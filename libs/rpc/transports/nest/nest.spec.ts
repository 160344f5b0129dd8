import { Client, credentials } from '@grpc/grpc-js';
import {
  ClientNats,
  ClientRedis,
  ClientRMQ,
  ClientTCP,
  ServerGrpc,
  ServerNats,
  ServerRedis,
  ServerRMQ,
  ServerTCP,
} from '@nestjs/microservices';
import { AmqpConnectionManagerClass } from 'amqp-connection-manager';
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { PassThrough } from 'node:stream';
import { afterEach, describe, it, mock } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { claimFreePort } from '@fissile/kit/host';
import { describeServices, packagesOf, passOn } from '../grpc/service-package.js';
import { listening } from '../listening.js';
import { NestGrpcServer } from './nest-grpc.js';
import { NestNatsClient, NestNatsServer } from './nest-nats.js';
import { NestRedisClient, NestRedisServer } from './nest-redis.js';
import { NestRmqClient, NestRmqServer, UnconfirmedConnection } from './nest-rmq.js';
import { NestTcpClient, NestTcpServer } from './nest-tcp.js';

type AnyClass = abstract new (...parameters: never[]) => object;

/** Each class, what it extends, and the methods that it overrides there. */
const OVERRIDES: readonly (readonly [ours: AnyClass, parent: AnyClass, methods: readonly string[]])[] = [
  [NestGrpcServer, ServerGrpc, ['createServiceMethod']],
  [NestTcpClient, ClientTCP, ['handleResponse', 'handleClose', 'handleError']],
  [NestTcpServer, ServerTCP, ['handleMessage', 'handleError', 'close']],
  [NestNatsClient, ClientNats, ['createClient', 'handleClose']],
  [NestNatsServer, ServerNats, ['bindEvents', 'start', 'handleMessage', 'close']],
  [NestRmqClient, ClientRMQ, ['createClient', 'consumeChannel', 'handleClose', 'close']],
  [NestRmqServer, ServerRMQ, ['createClient', 'setupChannel', 'handleMessage', 'close']],
  [UnconfirmedConnection, AmqpConnectionManagerClass, ['createChannel']],
  [NestRedisClient, ClientRedis, ['createClient', 'createResponseCallback', 'handleClose']],
  [NestRedisServer, ServerRedis, ['createRedisClient', 'bindEvents']],
];

const INLETS = [
  { pattern: 'calls', isShared: true },
  { pattern: 'cancelled', isShared: false },
];
const TIMES = { heartbeatIntervalInSeconds: 5, reconnectTimeInSeconds: 1 };
const FRAME = Buffer.from('frame');
const CALL = { id: '1', context: 'alpha', service: '', method: '', metadata: {}, timeoutMs: 1_000 };
const ANSWER = Buffer.from('answer');

/** What a client reported. */
function listener() {
  const answered: string[] = [];
  const reported = { answered, failed: [] as string[], lost: 0 };
  return {
    reported,
    hooks: {
      answered: (frame: Uint8Array) => void answered.push(Buffer.from(frame).toString()),
      failed: (id: string) => void reported.failed.push(id),
      lost: () => void (reported.lost += 1),
    },
  };
}

afterEach(() => mock.restoreAll());

const REDIS = { REDIS_URL: 'redis://127.0.0.1:6379' };

describe('What is overridden of a library', () => {
  for (const [ours, parent, methods] of OVERRIDES) {
    it(`${parent.name}: ${methods.join(', ')}`, () => {
      for (const method of methods) {
        assert.ok(Object.hasOwn(ours.prototype as object, method), `${ours.name} has no ${method}`);
        assert.equal(
          typeof (parent.prototype as Record<string, unknown>)[method],
          'function',
          `${parent.name} has no ${method} any more, so nothing would call that of ${ours.name}`,
        );
      }
      const unnamed = Object.getOwnPropertyNames(ours.prototype).filter(
        (name) => name !== 'constructor' && name in parent.prototype && !methods.includes(name),
      );
      assert.deepEqual(unnamed, [], `${ours.name} hides methods of ${parent.name} that are not named here`);
    });
  }
});

describe('gRPC through Nest', () => {
  const service = { name: 'Alpha', fullName: 'fissile.alpha.v1.Alpha', methods: ['GetNote'] };

  it('calls a method as @grpc/grpc-js does, without an observable', async () => {
    const url = `127.0.0.1:${await claimFreePort()}`;
    const services = [service];
    const server = new NestGrpcServer({
      url,
      package: packagesOf(services),
      packageDefinition: describeServices(services),
    });
    server.addMethod(service, 'GetNote', async ({ request }, respond) =>
      respond(null, Buffer.concat([request, ANSWER])),
    );
    await listening(server);
    const client = new Client(url, credentials.createInsecure());
    try {
      const answer = await new Promise<Buffer | undefined>((resolve, reject) => {
        client.makeUnaryRequest(`/${service.fullName}/GetNote`, passOn, passOn, FRAME, (error, value) =>
          error ? reject(error) : resolve(value),
        );
      });
      assert.equal(answer?.toString(), 'frameanswer', 'createServiceMethod of ServerGrpc gives the handler');
    } finally {
      client.close();
      await server.close();
    }
  });
});

describe('TCP through Nest', () => {
  it('carries frames there and back, and tells of a loss', async () => {
    const place = { host: '127.0.0.1', port: await claimFreePort() };
    const server = new NestTcpServer({ ...place, longest: 1024 });
    const taken: string[] = [];
    server.receive(INLETS, (frame, respond) => {
      taken.push(Buffer.from(frame).toString());
      respond(ANSWER, CALL);
    });
    await listening(server);
    const { reported, hooks } = listener();
    const client = new NestTcpClient({ ...place, longest: 1024 }, hooks);
    await client.connect();
    const { connection } = client;
    assert.ok(connection, 'ClientTCP keeps its connection in `socket`');
    const answer = once(connection.netSocket, 'message');
    connection.sendMessage(FRAME);
    await answer;
    assert.deepEqual(taken, ['frame'], 'ServerTCP gives messages to handleMessage');
    assert.deepEqual(reported.answered, ['answer'], 'ClientTCP gives messages to handleResponse');
    const closed = once(connection.netSocket, 'close');
    server.close();
    await closed;
    assert.equal(reported.lost, 1, 'ClientTCP calls handleClose when the connection ends');
    assert.equal(client.connection, undefined, 'ClientTCP forgets a connection that ended');
  });
});

describe('NATS through Nest', () => {
  const driver = () => ({
    subscribed: new Map<string, { queue?: string; callback(error: null, message: object): void }>(),
    subscribe(subject: string, options: { queue?: string; callback(): void }) {
      this.subscribed.set(subject, options);
      return { unsubscribe: () => undefined, drain: async () => undefined };
    },
    // It goes on for as long as the connection, and nothing happens to that.
    status: () => new PassThrough(),
    flush: mock.fn(async () => undefined),
    close: async () => undefined,
  });

  it('gives the connection to the client, and tells of a loss', async () => {
    const made = driver();
    mock.method(ClientNats.prototype, 'createClient', async () => made);
    const { reported, hooks } = listener();
    const opened: unknown[] = [];
    const client = new NestNatsClient({}, { opened: (connection) => void opened.push(connection), ...hooks });
    await client.connect();
    assert.deepEqual(opened, [made], 'ClientNats connects by createClient');
    assert.equal(client.connection, made, 'ClientNats gives the connection by unwrap');
    await client.close();
    assert.equal(reported.lost, 1, 'ClientNats calls handleClose when it closes');
  });

  it('subscribes the server to its patterns, and gives it the messages', async () => {
    const made = driver();
    mock.method(ServerNats.prototype, 'createNatsClient', async () => made);
    const server = new NestNatsServer({});
    server.receive(INLETS, (_frame, respond) => respond(ANSWER, CALL));
    await listening(server);
    assert.equal(made.flush.mock.callCount(), 1, 'it listens once NATS knows of the subscriptions');
    const queues = [...made.subscribed].map(([subject, { queue }]) => [subject, queue]);
    assert.deepEqual(queues, [
      ['calls', 'calls'],
      ['cancelled', undefined],
    ]);
    const respond = mock.fn();
    made.subscribed.get('calls')?.callback(null, { data: FRAME, respond });
    await nextTurn();
    assert.deepEqual(
      respond.mock.calls.map((call) => call.arguments),
      [[ANSWER]],
      'ServerNats gives messages to handleMessage',
    );
    await server.close();
  });
});

describe('RabbitMQ through Nest', () => {
  const place = { urls: ['amqp://nowhere'], queue: 'calls', queueOptions: {}, socketOptions: TIMES };

  /** A connection whose channels are set up at once. */
  function driver() {
    const channel = Object.assign(new EventEmitter(), {
      consumers: new Map<string, (message: object | null) => void>(),
      assertQueue: async (queue: string) => ({ queue }),
      prefetch: async () => undefined,
      sendToQueue: mock.fn(),
      consume: async (queue: string, take: (message: object | null) => void) => {
        channel.consumers.set(queue, take);
      },
    });
    const createChannel = ({ setup }: { setup(made: typeof channel): unknown }) => {
      void setup(channel);
      return { close: async () => undefined };
    };
    const reconnect = mock.fn();
    const manager = Object.assign(new EventEmitter(), {
      createChannel,
      reconnect,
      close: async () => undefined,
    });
    mock.method(UnconfirmedConnection, 'to', () => manager);
    return { channel, manager };
  }

  it('makes channels without confirms', async () => {
    const connection = { createChannel: mock.fn(async () => channel), createConfirmChannel: mock.fn() };
    const channel = Object.assign(new EventEmitter(), { close: async () => undefined });
    class Connected extends UnconfirmedConnection {
      override isConnected = () => true;
      override get connection() {
        return connection as never;
      }
    }
    const wrapper = new Connected(place.urls, TIMES).createChannel({ json: false });
    await wrapper.waitForConnect();
    assert.equal(connection.createChannel.mock.callCount(), 1, '`confirm: false` gives a plain channel');
    assert.equal(connection.createConfirmChannel.mock.callCount(), 0);
  });

  it('gives the channel to the client, and tells of a loss', async () => {
    const { channel, manager } = driver();
    const { reported, hooks } = listener();
    const client = new NestRmqClient(place, hooks);
    const connected = client.connect();
    manager.emit('connect', {});
    await connected;
    assert.equal(client.sending, channel, 'ClientRMQ gives each channel to consumeChannel');
    channel.consumers.get(NestRmqClient.replyTo)?.({ content: ANSWER });
    assert.deepEqual(reported.answered, ['answer']);
    channel.emit('return', { properties: { messageId: 'call-1' } });
    assert.ok(reported.failed.includes('call-1'), 'a call without a queue fails at once');
    channel.emit('close');
    assert.ok(
      manager.reconnect.mock.callCount() > 0,
      'the library renews channels with the connection alone',
    );
    await client.close();
    assert.equal(reported.lost, 1, 'ClientRMQ calls handleClose when it closes');
  });

  it('consumes from the queue for the server', async () => {
    const { channel, manager } = driver();
    const server = new NestRmqServer(place);
    server.receive(INLETS, (_frame, respond) => respond(ANSWER, CALL));
    const started = listening(server);
    await nextTurn();
    manager.emit('connect', {});
    await started;
    channel.consumers.get('calls')?.({ content: FRAME, properties: { replyTo: 'caller' } });
    assert.deepEqual(
      channel.sendToQueue.mock.calls.map((call) => call.arguments),
      [['caller', ANSWER]],
      'ServerRMQ gives messages to handleMessage',
    );
    assert.equal(server.isReceiving, true);
    channel.emit('close');
    assert.equal(server.isReceiving, false);
    assert.equal(
      manager.reconnect.mock.callCount(),
      1,
      'the library renews channels with the connection alone',
    );
    await server.close();
  });
});

describe('Redis through Nest', () => {
  const driver = () =>
    Object.assign(new EventEmitter(), {
      connect: async () => undefined,
      subscribe: mock.fn(async (..._channels: string[]) => undefined),
      quit: async () => undefined,
    });
  type Driver = ReturnType<typeof driver>;

  /** The drivers that the method made. */
  function drivers(make: (by: () => Promise<Driver>) => void): Driver[] {
    const made: Driver[] = [];
    make(async () => {
      made.push(driver());
      return made.at(-1) as Driver;
    });
    return made;
  }

  it('gives the responses to the client as bytes, and tells of a loss', async () => {
    const made = drivers((by) => mock.method(ClientRedis.prototype, 'createClient', by));
    const { reported, hooks } = listener();
    const client = new NestRedisClient(
      {},
      { ...hooks, answered: (_channel, frame) => hooks.answered(frame) },
      REDIS,
    );
    await client.hear('answers');
    const [publisher, subscriber] = made;
    assert.ok(publisher && subscriber);
    assert.equal(client.publisher, publisher, 'ClientRedis keeps who publishes in `pubClient`');
    assert.deepEqual(subscriber.subscribe.mock.calls[0]?.arguments, ['answers']);
    subscriber.emit('ready');
    subscriber.emit('messageBuffer', Buffer.from('answers'), ANSWER);
    assert.deepEqual(reported.answered, ['answer'], 'ClientRedis hears by createResponseCallback');
    await client.close();
    assert.equal(reported.lost, 1, 'ClientRedis calls handleClose when it closes');
  });

  it('subscribes the server to its patterns, and gives it bytes', async () => {
    const made = drivers((by) => mock.method(ServerRedis.prototype, 'createRedisClient', by));
    const server = new NestRedisServer({}, REDIS);
    const taken: Buffer[] = [];
    server.receive(INLETS, (frame) => void taken.push(frame));
    await listening(server);
    const [subscriber, publisher] = made;
    assert.equal(server.publisher, publisher, 'ServerRedis keeps who publishes in `pubClient`');
    assert.deepEqual(subscriber?.subscribe.mock.calls[0]?.arguments, ['calls', 'cancelled']);
    subscriber?.emit('messageBuffer', Buffer.from('calls'), FRAME);
    assert.deepEqual(taken, [FRAME], 'ServerRedis subscribes by bindEvents');
    await server.close();
  });
});

import type { ChannelModel } from 'amqplib';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { socketOf } from './amqp-socket.js';

const require = createRequire(import.meta.url);

/** Files of amqplib that it does not export: they make a connection without a broker. */
function fileOf<T>(name: string): T {
  return require(join(dirname(require.resolve('amqplib')), 'lib', name)) as T;
}

it('amqplib keeps the socket of a connection where it is looked for', () => {
  const { Connection } = fileOf<{ Connection: new (socket: Socket) => object }>('connection.js');
  const { ChannelModel } = fileOf<{ ChannelModel: new (connection: object) => ChannelModel }>(
    'channel_model.js',
  );
  const socket = new Socket();
  assert.equal(socketOf(new ChannelModel(new Connection(socket))), socket);
});

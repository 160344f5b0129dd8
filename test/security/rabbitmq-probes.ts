import { type Channel, type ChannelModel, connect } from 'amqplib';

/** Somebody who has an account of RabbitMQ, and tries what it may. */
export class RabbitmqIntruder {
  private constructor(private readonly connection: ChannelModel) {}

  static async connect(address: string): Promise<RabbitmqIntruder> {
    return new RabbitmqIntruder(await connect(address));
  }

  mayPublish(exchange: string, key: string): Promise<boolean> {
    return this.may(async () => {
      const channel = await this.connection.createConfirmChannel();
      // The confirmation fails with the channel.
      channel.on('error', () => undefined);
      // No queue is bound by this key, or its consumer refuses what is no event.
      channel.publish(exchange, key, Buffer.from('{}'));
      await channel.waitForConfirms();
      await channel.close();
    });
  }

  mayRead(queue: string): Promise<boolean> {
    return this.onChannel(async (channel) => {
      const { consumerTag } = await channel.consume(queue, () => undefined);
      await channel.cancel(consumerTag);
    });
  }

  mayDeclare(queue: string): Promise<boolean> {
    return this.onChannel(async (channel) => {
      await channel.assertQueue(queue, { exclusive: true });
      await channel.deleteQueue(queue);
    });
  }

  mayBind(queue: string, exchange: string, key: string): Promise<boolean> {
    return this.onChannel(async (channel) => {
      await channel.bindQueue(queue, exchange, key);
    });
  }

  mayPurge(queue: string): Promise<boolean> {
    return this.onChannel(async (channel) => void (await channel.purgeQueue(queue)));
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  /** A refusal closes the channel. */
  private onChannel(work: (channel: Channel) => Promise<void>): Promise<boolean> {
    return this.may(async () => {
      const channel = await this.connection.createChannel();
      channel.on('error', () => undefined);
      await work(channel);
      await channel.close();
    });
  }

  private async may(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (/ACCESS.REFUSED|channel closed/i.test(String(error))) return false;
      throw error;
    }
  }
}

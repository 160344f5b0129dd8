import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { notifications } from '#contracts/notifications';
import { type GetContactResponse, Users } from '#contracts/users';
import { Batches, type Transaction } from '@fissile/kit/database';
import { type EventHandlers, Inbox, type PreparedHandler, type ReceivedEvent } from '@fissile/kit/messaging';
import { NotificationRepository } from './data/notification-repository.js';
import { Delivery } from './delivery.js';
import { DeliveryMetrics } from './delivery-metrics.js';
import {
  type Message,
  orderCancelled,
  orderConfirmed,
  orderReturned,
  orderShipped,
  paymentRefunded,
  welcome,
} from './domain/message.js';

const CONSUMER = 'notify-customer';

/** `emailVerified` is absent where the users context is an earlier version, which verifies none. */
type Recipient = Pick<GetContactResponse, 'userId' | 'email' | 'emailVerified'>;

/** Turns events into messages to the customers concerned. */
@Injectable()
export class Notifier implements OnModuleInit {
  private readonly logger = new Logger(Notifier.name);
  private readonly contacts = new Batches<string, GetContactResponse | undefined>((userIds) =>
    this.contactsOf(userIds),
  );

  constructor(
    private readonly inbox: Inbox,
    private readonly users: Users,
    private readonly notifications: NotificationRepository,
    private readonly delivery: Delivery,
    private readonly metrics: DeliveryMetrics,
  ) {}

  onModuleInit(): void {
    const handlers: EventHandlers<typeof notifications> = {
      'users.registered.v2': this.greet(),
      'users.registered.v1': this.greet(),
      'orders.confirmed.v1': this.mail(({ orderId, total }, name) => orderConfirmed(name, orderId, total)),
      'orders.cancelled.v1': this.mail(({ orderId, reason }, name) =>
        orderCancelled(name, orderId, reason.message),
      ),
      'orders.shipped.v1': this.mail(({ orderId }, name) => orderShipped(name, orderId)),
      'orders.returned.v1': this.mail(({ orderId, total }, name) => orderReturned(name, orderId, total)),
      'payments.refunded.v1': this.mail(({ orderId, amount }, name) =>
        paymentRefunded(name, orderId, amount),
      ),
    };
    this.inbox.subscribe(notifications, CONSUMER, handlers);
  }

  private greet(): PreparedHandler<{ readonly userId: string }, GetContactResponse | undefined> {
    return this.write((_data, name) => welcome(name), null);
  }

  private mail<Data extends { readonly userId: string; readonly orderId: string }>(
    text: (data: Data, name: string) => Message,
  ): PreparedHandler<Data, GetContactResponse | undefined> {
    return this.write(text, ({ orderId }) => orderId);
  }

  /**
   * Fetches the customer before the transaction begins, and writes the mail within it. A user of an external provider, and one
   * whose account is erased, has no account here and no address that is known: trying again would find none either.
   */
  private write<Data extends { readonly userId: string }>(
    text: (data: Data, name: string) => Message,
    orderIdOf: ((data: Data) => string) | null,
  ): PreparedHandler<Data, GetContactResponse | undefined> {
    return {
      prepare: ({ data }) => this.contacts.add(data.userId),
      handle: async (event, transaction, contact) => {
        if (!contact) return this.skip(event, event.data.userId);
        const orderId = orderIdOf?.(event.data) ?? null;
        this.note(transaction, event, contact, text(event.data, contact.name), orderId);
      },
    };
  }

  /** @returns undefined for each that has no account */
  private async contactsOf(userIds: readonly string[]): Promise<(GetContactResponse | undefined)[]> {
    const { contacts } = await this.users.getContacts({ userIds: [...new Set(userIds)] });
    const byId = new Map(contacts.map((contact) => [contact.userId, contact]));
    return userIds.map((userId) => byId.get(userId));
  }

  private skip({ id, type }: ReceivedEvent<unknown>, userId: string): void {
    this.logger.warn(`no mail about event ${id} (${type}): user ${userId} has no account with an address`);
    this.metrics.count('no_address');
  }

  /** Nothing is sent to an address before its owner has verified it: whoever registered it may have chosen the text. */
  private note(
    transaction: Transaction,
    event: ReceivedEvent<unknown>,
    { userId, email, emailVerified }: Recipient,
    message: Message,
    orderId: string | null,
  ): void {
    const status = emailVerified === false ? 'withheld' : 'pending';
    this.notifications.insert(transaction, {
      id: uuidv7(),
      eventId: event.id,
      type: event.type,
      recipient: email,
      userId,
      orderId,
      status,
      ...message,
    });
    if (status === 'withheld') return this.metrics.count(status);
    transaction.afterCommit(() => this.delivery.wake());
  }
}

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { EventEnvelope } from '@fissile/kit/contract';
import type { BrokerSecret, RefusalReason, TransportSettings } from '@fissile/kit/rpc';

/** Each context signs by a key of its own. */
const PURPOSE = 'events of ';
const VERSION = 'v1=';

/** An envelope with a signature over all else in it, as an extension attribute of CloudEvents. */
export type SignedEnvelope = EventEnvelope & { readonly signature: string };

/** Shows that events which come through a broker were published by a process of the product, and are as they were. */
export class EventSignatures {
  /** @param sources of the events that there are; others have no key */
  constructor(
    private readonly secret: BrokerSecret,
    private readonly settings: Pick<TransportSettings, 'BROKER_MESSAGES'>,
    private readonly sources: ReadonlySet<string>,
  ) {}

  sign(envelope: EventEnvelope): SignedEnvelope {
    const [key = Buffer.alloc(0)] = this.secret.keysFor(`${PURPOSE}${envelope.source}`);
    return { ...envelope, signature: `${VERSION}${hmac(key, envelope).toString('base64url')}` };
  }

  /**
   * Why a message is refused; undefined for one that is good. What is no JSON object is for its reader to refuse.
   * @param sentAs the type that the broker let its sender publish: an event of another type would get around what the
   *   account of the sender may
   */
  refusalOf(message: string, sentAs?: string): RefusalReason | undefined {
    const { signature, ...envelope } = objectIn(message) ?? {};
    if (sentAs !== undefined && envelope['type'] !== undefined && envelope['type'] !== sentAs)
      return 'forged';
    if (typeof signature !== 'string')
      return this.settings.BROKER_MESSAGES === 'require' ? 'unsigned' : undefined;
    const { source } = envelope;
    if (typeof source !== 'string' || !this.sources.has(source)) return 'forged';
    const given = Buffer.from(signature.slice(VERSION.length), 'base64url');
    const isGood = this.secret
      .keysFor(`${PURPOSE}${source}`)
      .some((key) => isSame(hmac(key, envelope), given));
    return isGood && signature.startsWith(VERSION) ? undefined : 'forged';
  }

  /** Counts and logs it. */
  report(reason: RefusalReason, message: string): void {
    const { type, id, source } = objectIn(message) ?? {};
    this.secret.refused.add('event', reason, JSON.stringify({ type, id, source }).slice(0, 300));
  }
}

function hmac(key: Buffer, envelope: object): Buffer {
  return createHmac('sha256', key).update(JSON.stringify(envelope)).digest();
}

function isSame(expected: Buffer, given: Buffer): boolean {
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function objectIn(message: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(message);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

import { hkdfSync } from 'node:crypto';
import { generationsOf } from '@fissile/kit/config';
import { RefusedMessages } from './refused-messages.js';

const KEY_BYTES = 32;

/** BROKER_SECRET, or what stands for it, as keys for what processes send each other through others. */
export class BrokerSecret {
  private text: string | undefined;
  private generations: readonly string[] = [];
  private readonly keys = new Map<string, readonly Buffer[]>();
  readonly refused = new RefusedMessages();

  /** @param secret with its generations, one a line, as it is now */
  constructor(private readonly secret: () => string) {}

  /**
   * Keys of 256 bits that are good for one purpose alone, one for each generation. The first one is used, all are accepted.
   * @param purpose one of a few constant texts
   */
  keysFor(purpose: string): readonly Buffer[] {
    this.renew();
    const known = this.keys.get(purpose);
    if (known) return known;
    const made = this.generations.map((generation) => deriveKey(generation, purpose));
    this.keys.set(purpose, made);
    return made;
  }

  private renew(): void {
    const text = this.secret();
    if (text === this.text) return;
    this.text = text;
    this.generations = generationsOf(text);
    this.keys.clear();
  }
}

/** @param salt makes another key for each sender */
export function deriveKey(secret: string | Buffer, purpose: string, salt: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, purpose, KEY_BYTES));
}

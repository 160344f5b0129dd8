import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import {
  ChargeOutcomeUnknown,
  type ChargeOrder,
  type ChargeResult,
  MethodUnknown,
  PaymentProvider,
  ProviderUnavailable,
  type RefundOrder,
} from '../domain/payment-provider.js';

type Outcome = 'captured' | 'declined' | 'failed_once';

interface LedgerEntry {
  readonly reference: string;
  readonly outcome: Outcome;
  readonly isNew: boolean;
}

/** What a method's first charge with a key comes to in the ledger. */
const FIRST_OUTCOME: Readonly<Record<string, Outcome>> = {
  pm_card_ok: 'captured',
  pm_card_declined: 'declined',
  pm_card_timeout: 'captured',
  pm_card_error_then_ok: 'failed_once',
};

const ENTER = `
  WITH entered AS (
    INSERT INTO sandbox_charges (key, reference, amount_minor, currency, outcome)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (key) DO NOTHING
    RETURNING reference, outcome, true AS is_new
  )
  SELECT reference, outcome, is_new AS "isNew" FROM entered
  UNION ALL
  SELECT reference, outcome, false FROM sandbox_charges WHERE key = $1
  LIMIT 1`;

/**
 * A provider that moves no money, for development and tests. It stands for a system elsewhere, so its ledger is written
 * by statements of its own, outside of any transaction of ours.
 */
@Injectable()
export class SandboxProvider extends PaymentProvider {
  constructor(private readonly database: Database) {
    super();
  }

  async charge(order: ChargeOrder): Promise<ChargeResult> {
    const { key, method } = order;
    const first = FIRST_OUTCOME[method];
    if (!first) throw new MethodUnknown(`The sandbox knows ${Object.keys(FIRST_OUTCOME).join(', ')}`);
    const entry = await this.enter(order, first);
    if (entry.isNew && method === 'pm_card_timeout')
      throw new ChargeOutcomeUnknown('The answer did not arrive in time');
    if (entry.outcome !== 'failed_once') return toResult(entry);
    if (entry.isNew) throw new ProviderUnavailable('The provider had a fault and did nothing');
    await this.database.query(`UPDATE sandbox_charges SET outcome = 'captured' WHERE key = $1`, [key]);
    return toResult({ ...entry, outcome: 'captured' });
  }

  async findCharge({ key }: ChargeOrder): Promise<ChargeResult | undefined> {
    const [entry] = await this.database.query<LedgerEntry>(
      `SELECT reference, outcome, false AS "isNew" FROM sandbox_charges WHERE key = $1 AND outcome <> 'failed_once'`,
      [key],
    );
    return entry && toResult(entry);
  }

  async refund({ key, reference, amountMinor }: RefundOrder): Promise<void> {
    await this.database.query(
      'INSERT INTO sandbox_refunds (key, reference, amount_minor) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING',
      [key, reference, amountMinor],
    );
  }

  private async enter({ key, amountMinor, currency }: ChargeOrder, outcome: Outcome): Promise<LedgerEntry> {
    const rows = await this.database.query<LedgerEntry>(ENTER, [
      key,
      `sandbox_${key}`,
      amountMinor,
      currency,
      outcome,
    ]);
    const [entry] = rows;
    // Two at the same moment: the loser's statement saw neither its own row nor the winner's.
    return entry ?? { reference: `sandbox_${key}`, outcome, isNew: false };
  }
}

function toResult({ reference, outcome }: LedgerEntry): ChargeResult {
  return outcome === 'declined' ? { outcome, reason: 'card_declined' } : { outcome: 'captured', reference };
}

import { Injectable } from '@nestjs/common';
import { Batches, Database } from '@fissile/kit/database';
import {
  ChargeOutcomeUnknown,
  type ChargeOrder,
  type ChargeResult,
  MethodUnknown,
  PaymentProvider,
  ProviderUnavailable,
  type RefundOrder,
  type RefundResult,
} from '../domain/payment-provider.js';

type Outcome = 'captured' | 'declined' | 'failed_once' | 'action_required' | 'abandoned';

interface LedgerEntry {
  readonly key: string;
  readonly reference: string;
  readonly outcome: Outcome;
  readonly isNew: boolean;
}

type NewEntry = Pick<ChargeOrder, 'key' | 'amountMinor' | 'currency'> & { readonly outcome: Outcome };

/** The customer approves or declines the charge by a request to the sandbox. */
const ACTION = { type: 'sandbox', clientSecret: null } as const;

/** The outcome, in the ledger, of a method's first charge with a key. */
const FIRST_OUTCOME: Readonly<Record<string, Outcome>> = {
  pm_card_ok: 'captured',
  pm_card_declined: 'declined',
  pm_card_timeout: 'captured',
  pm_card_error_then_ok: 'failed_once',
  pm_card_action: 'action_required',
};

/**
 * The commit is asynchronous. Whatever payments records about a charge is committed later and synchronously, and
 * PostgreSQL's log is one sequence, so no crash can lose the charge and keep the record of it.
 */
const WITHOUT_WAITING = `set_config('synchronous_commit', 'off', true)`;

/**
 * Inserts charges, or finds those with their keys; $6 is the new outcome of those that failed before, $7 of those that wait
 * for the customer.
 */
const INSERT = `
  INSERT INTO sandbox_charges (key, reference, amount_minor, currency, outcome)
  SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[])
  ON CONFLICT (key) DO UPDATE SET outcome =
    CASE sandbox_charges.outcome
      WHEN 'failed_once' THEN $6 WHEN 'action_required' THEN $7 ELSE sandbox_charges.outcome END
  -- A row that was inserted just now has no other writer in xmax.
  RETURNING key, reference, outcome, xmax = 0 AS "isNew", ${WITHOUT_WAITING}`;

const REFUND = `
  INSERT INTO sandbox_refunds (key, reference, amount_minor) VALUES ($1, $2, $3)
  ON CONFLICT (key) DO UPDATE SET key = excluded.key
  RETURNING ${WITHOUT_WAITING}`;

/**
 * A provider that moves no money, for development and tests. It simulates an external system, so it writes its ledger
 * by separate statements, outside of the app's transactions.
 */
@Injectable()
export class SandboxProvider extends PaymentProvider {
  private readonly charges = new Batches<NewEntry, LedgerEntry>((entries) =>
    this.insert(entries, { failed: 'captured', waiting: 'action_required' }),
  );

  constructor(private readonly database: Database) {
    super();
  }

  async charge(order: ChargeOrder): Promise<ChargeResult> {
    const known = Object.hasOwn(FIRST_OUTCOME, order.method) ? FIRST_OUTCOME[order.method] : undefined;
    const first = known === 'action_required' && !order.mayNeedAction ? 'declined' : known;
    if (!first) throw new MethodUnknown(`The sandbox knows ${Object.keys(FIRST_OUTCOME).join(', ')}`);
    const entry = await this.charges.add({ ...order, outcome: first });
    if (entry.isNew && order.method === 'pm_card_timeout')
      throw new ChargeOutcomeUnknown('The answer did not arrive in time');
    if (entry.outcome === 'failed_once')
      throw new ProviderUnavailable('The provider had a fault and did nothing');
    return toResult(entry) ?? { outcome: 'declined', reason: 'abandoned' };
  }

  async findCharge({ key }: ChargeOrder): Promise<ChargeResult | undefined> {
    const [entry] = await this.database.query<LedgerEntry>(
      'SELECT key, reference, outcome, false AS "isNew" FROM sandbox_charges WHERE key = $1',
      [key],
    );
    return entry && toResult(entry);
  }

  async abandon(order: ChargeOrder): Promise<ChargeResult | undefined> {
    return toResult(await this.insertOne({ ...order, outcome: 'abandoned' }));
  }

  async refund({ key, reference, amountMinor }: RefundOrder): Promise<void> {
    await this.database.query(REFUND, [key, reference, amountMinor]);
  }

  async findRefund({ key }: Pick<RefundOrder, 'key'>): Promise<RefundResult | undefined> {
    const [row] = await this.database.query('SELECT 1 FROM sandbox_refunds WHERE key = $1', [key]);
    return row ? { outcome: 'done' } : undefined;
  }

  private async insertOne(entry: NewEntry): Promise<LedgerEntry> {
    const [inserted] = await this.insert([entry], { failed: 'abandoned', waiting: 'abandoned' });
    if (!inserted) throw new Error('An upsert gave no row');
    return inserted;
  }

  /** Returns the entries in the same order. */
  private async insert(
    entries: readonly NewEntry[],
    after: { readonly failed: Outcome; readonly waiting: Outcome },
  ): Promise<LedgerEntry[]> {
    const rows = await this.database.query<LedgerEntry>(INSERT, [
      entries.map(({ key }) => key),
      entries.map(({ key }) => `sandbox_${key}`),
      entries.map(({ amountMinor }) => amountMinor),
      entries.map(({ currency }) => currency),
      entries.map(({ outcome }) => outcome),
      after.failed,
      after.waiting,
    ]);
    const byKey = new Map(rows.map((row) => [row.key, row]));
    return entries.flatMap(({ key }) => byKey.get(key) ?? []);
  }
}

/** Returns undefined when no charge was made. */
function toResult({ reference, outcome }: LedgerEntry): ChargeResult | undefined {
  if (outcome === 'captured') return { outcome, reference };
  if (outcome === 'action_required') return { outcome: 'pending', reference, action: ACTION };
  return outcome === 'declined' ? { outcome, reason: 'card_declined' } : undefined;
}

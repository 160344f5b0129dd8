import { findDifferences, isChanging, readBooks } from '@fissile/client';
import { count, Fault, messageOf } from '@fissile/console';
import { useState } from 'preact/hooks';
import { shop } from './shop.ts';

interface Outcome {
  readonly orders: number;
  readonly underWay: number;
  readonly differences: readonly string[];
}

const MOST_SHOWN = 10;

/** Compares orders, payments and stock, as `npm run reconcile` does. */
export function Books() {
  const [outcome, setOutcome] = useState<Outcome>();
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const check = (): void => {
    setBusy(true);
    setFault(undefined);
    reconcile()
      .then(setOutcome)
      .catch((error: unknown) => setFault(messageOf(error)))
      .finally(() => setBusy(false));
  };
  return (
    <section class="card" aria-labelledby="books">
      <h2 id="books">Books</h2>
      <button type="button" class="primary" disabled={isBusy} onClick={check}>
        Reconcile now
      </button>
      <Fault text={fault} />
      <div role="status">{outcome && <Result outcome={outcome} />}</div>
    </section>
  );
}

async function reconcile(): Promise<Outcome> {
  const books = await readBooks(shop);
  const underWay = books.orders.filter(({ status }) => isChanging(status)).length;
  return { orders: books.orders.length, underWay, differences: findDifferences(books) };
}

function Result({ outcome: { orders, underWay, differences } }: { outcome: Outcome }) {
  if (differences.length === 0) return <p>The books of {count(orders)} orders are balanced.</p>;
  return (
    <>
      <p>
        {count(differences.length)} differences in the books of {count(orders)} orders.
        {underWay > 0 && ` ${count(underWay)} are under way: stop ordering, and reconcile again.`}
      </p>
      <ul>
        {differences.slice(0, MOST_SHOWN).map((difference) => (
          <li key={difference}>{difference}</li>
        ))}
      </ul>
    </>
  );
}

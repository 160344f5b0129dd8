import { count, Fault, messageOf } from '@fissile/console';
import { useEffect, useRef, useState } from 'preact/hooks';
import { addSampleProducts } from '../staff/sample-products.ts';
import { shop } from './shop.ts';
import { NO_ORDERS, type Plan, Traffic } from './traffic.ts';

/** Below the limit that each client has. */
const MOST_PER_SECOND = 8;

/** Customers who order as often as one likes, with cards of which some are declined. */
export function Customers() {
  const [plan, setPlan] = useState<Plan>({ ordersPerSecond: 2, declinedShare: 0.1 });
  const [tally, setTally] = useState(NO_ORDERS);
  const [fault, setFault] = useState<string>();
  const [isRunning, setRunning] = useState(false);
  const traffic = useRef<Traffic>(undefined);
  useEffect(() => {
    if (isRunning) traffic.current?.follow(plan);
    else traffic.current?.stop();
    return () => traffic.current?.stop();
  }, [isRunning, plan]);
  const start = async (): Promise<void> => {
    setFault(undefined);
    traffic.current ??= await begin(setTally);
    setRunning(true);
  };
  return (
    <section class="card" aria-labelledby="customers">
      <h2 id="customers">Customers</h2>
      <div class="row">
        <Slider
          label="Orders per second"
          value={plan.ordersPerSecond}
          max={MOST_PER_SECOND}
          change={(ordersPerSecond) => setPlan({ ...plan, ordersPerSecond })}
        />
        <Slider
          label="Declined cards, in percent"
          value={Math.round(plan.declinedShare * 100)}
          max={100}
          change={(percent) => setPlan({ ...plan, declinedShare: percent / 100 })}
        />
        <button
          type="button"
          class="primary"
          onClick={() =>
            isRunning ? setRunning(false) : void start().catch((error: unknown) => setFault(messageOf(error)))
          }
        >
          {isRunning ? 'Stop ordering' : 'Start ordering'}
        </button>
      </div>
      <Fault text={fault} />
      <p role="status">
        {count(tally.placed)} ordered, {count(tally.confirmed)} confirmed, {count(tally.cancelled)} declined,{' '}
        {count(tally.failed)} failed{tally.lastFailure ? `, the last with: ${tally.lastFailure}` : ''}
      </p>
    </section>
  );
}

/** With products to order, where there are none yet. */
async function begin(changed: ConstructorParameters<typeof Traffic>[1]): Promise<Traffic> {
  await addSampleProducts(shop);
  const { items } = await shop.page('/api/products', { limit: '100' });
  const traffic = new Traffic(
    items.map(({ id }) => id),
    changed,
  );
  await traffic.register();
  return traffic;
}

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  change(value: number): void;
}

function Slider({ label, value, max, change }: SliderProps) {
  return (
    <label>
      {label}: {value}
      <input
        type="range"
        min={0}
        max={max}
        value={value}
        onInput={({ currentTarget }) => change(Number(currentTarget.value))}
      />
    </label>
  );
}

import { count, duration, rate } from '../shared/format.ts';
import type { Activity, Rates } from './use-activity.ts';

type ContextActivity = Activity['contexts'][number];

interface TilesProps {
  readonly activity: Activity;
  /** Undefined until there are two readings, and while there are none. */
  readonly latest: Rates | undefined;
  readonly edge: string;
  readonly isStale: boolean;
}

/** The whole product in a few figures. */
export function Tiles({ activity, latest, edge, isStale }: TilesProps) {
  const calls = latest && sum([...latest.calls.values()]);
  const failed = latest?.failedRequests.get(edge);
  const waiting = totalOf(activity, ({ outboxEvents }) => outboxEvents);
  const dead = totalOf(activity, ({ deadLetters }) => deadLetters);
  const lag = Math.max(...activity.contexts.map(({ outboxLagSeconds }) => outboxLagSeconds ?? 0));
  const figures: Figure[] = [
    { name: 'Requests/s', value: textOfRate(latest?.requests.get(edge)) },
    { name: 'Failed/s', value: textOfRate(failed), isAlert: (failed ?? 0) > 0 },
    { name: 'Calls/s', value: textOfRate(calls) },
    { name: 'Sagas under way', ...totalOf(activity, ({ unfinishedSagas }) => unfinishedSagas) },
    { name: 'Events waiting', ...waiting },
    { name: 'Oldest of them', value: lag > 0 ? duration(lag) : '–', without: waiting.without },
    { name: 'Dead letters', ...dead, isAlert: dead.isAny },
  ];
  return (
    <dl class="tiles">
      {figures.map((figure) => (
        <Tile key={figure.name} figure={isStale ? { name: figure.name, value: 'unknown' } : figure} />
      ))}
    </dl>
  );
}

interface Figure {
  readonly name: string;
  readonly value: string;
  /** The contexts that are not in it, since they do not say. */
  readonly without?: readonly string[];
  readonly isAlert?: boolean;
}

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);

const textOfRate = (perSecond: number | undefined): string =>
  perSecond === undefined ? '…' : rate(perSecond);

function totalOf({ contexts }: Activity, of: (context: ContextActivity) => number | null) {
  const values = contexts.flatMap((context) => of(context) ?? []);
  const without = contexts.filter((context) => of(context) === null).map(({ name }) => name);
  const total = values.length === 0 ? undefined : sum(values);
  return { value: total === undefined ? 'unknown' : count(total), without, isAny: (total ?? 0) > 0 };
}

/** The line below the figure is there in any case, so that the tiles keep their height. */
function Tile({ figure: { name, value, without = [], isAlert = false } }: { figure: Figure }) {
  const [first, ...others] = without;
  return (
    <div class={isAlert ? 'alert' : ''}>
      <dt>{name}</dt>
      <dd>
        {value}
        <small>
          {first !== undefined &&
            `without ${others.length === 0 ? first : `${count(without.length)} contexts`}`}
        </small>
      </dd>
    </div>
  );
}

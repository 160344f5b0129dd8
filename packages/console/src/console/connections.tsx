import { Badge } from '../shared/badge.tsx';
import { count, duration, rateOrUnknown } from '../shared/format.ts';
import { idOf, type Link, verbOf } from './topology-graph.ts';

interface ConnectionsProps {
  readonly links: readonly Link[];
  /** The context whose connections are meant; all when absent. */
  readonly chosen: string | undefined;
  showAll(): void;
}

/** What the picture shows, as a table. */
export function Connections({ links, chosen, showAll }: ConnectionsProps) {
  const shown = links.filter(({ from, to }) => chosen === undefined || from === chosen || to === chosen);
  return (
    <>
      <div class="row centred spread">
        <h2 id="connections">Connections{chosen ? ` of ${chosen}` : ''}</h2>
        {chosen && (
          <button type="button" onClick={showAll}>
            Show all
          </button>
        )}
      </div>
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="connections">
        <table class="wide">
          <thead>
            <tr>
              <th scope="col">Between</th>
              <th scope="col" class="number">
                Per second
              </th>
              <th scope="col" class="number">
                Takes
              </th>
              <th scope="col" class="number">
                Failed/s
              </th>
              <th scope="col" class="number">
                Waiting
              </th>
              <th scope="col">Breaker</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((link) => (
              <Row key={idOf(link)} link={link} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

const NONE = '–';

function Row({ link }: { link: Link }) {
  const { kind, from, to, perSecond, meanSeconds, failedPerSecond, waiting, lagSeconds, breaker } = link;
  return (
    <tr>
      <th scope="row" class="step">
        {from} {verbOf[kind]} {to}
      </th>
      <td class="number">{kind === 'events' ? NONE : rateOrUnknown(perSecond)}</td>
      <td class="number">{meanSeconds === undefined ? NONE : duration(meanSeconds)}</td>
      <td class={failedPerSecond ? 'number bad' : 'number'}>
        {kind === 'events' ? NONE : rateOrUnknown(failedPerSecond)}
      </td>
      <td class="number">{waitingText(kind, waiting, lagSeconds)}</td>
      <td>{breaker ? <Badge state={breaker} /> : NONE}</td>
    </tr>
  );
}

function waitingText(
  kind: Link['kind'],
  waiting: number | undefined,
  lagSeconds: number | undefined,
): string {
  if (kind !== 'events') return NONE;
  if (waiting === undefined) return 'unknown';
  return lagSeconds === undefined ? count(waiting) : `${count(waiting)} for ${duration(lagSeconds)}`;
}

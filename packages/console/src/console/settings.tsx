import { useState } from 'preact/hooks';
import { Badge } from '../shared/badge.tsx';
import { Fault } from '../shared/notices.tsx';
import type { Setting, Settings } from '../shared/operator-api.ts';
import { ScrollTable } from '../shared/scroll-table.tsx';
import { useLoaded } from '../shared/use-loaded.ts';
import { product } from './product.ts';

type ProcessSettings = Settings['processes'][number];

/** The settings of a process as they are now, and where each comes from. Secrets come masked. */
export function SettingsPage() {
  const { value, error, reload } = useLoaded(() => product.get('/api/admin/settings'), []);
  const [name, setName] = useState<string>();
  const [text, setText] = useState('');
  const [changedOnly, setChangedOnly] = useState(false);
  const processes = value?.processes ?? [];
  const chosen = processes.find((process) => process.name === name) ?? processes[0];
  return (
    <>
      <h1 tabIndex={-1}>Settings</h1>
      <div class="row">
        {processes.length > 1 && (
          <label>
            Process
            <select value={chosen?.name} onChange={({ currentTarget }) => setName(currentTarget.value)}>
              {processes.map((process) => (
                <option key={process.name}>{process.name}</option>
              ))}
            </select>
          </label>
        )}
        <label class="grow">
          Find
          <input type="search" value={text} onInput={({ currentTarget }) => setText(currentTarget.value)} />
        </label>
        <label class="check">
          <input type="checkbox" onChange={({ currentTarget }) => setChangedOnly(currentTarget.checked)} />
          Only what is not a default
        </label>
        <button type="button" onClick={reload}>
          Refresh
        </button>
      </div>
      <Fault text={error} />
      {chosen && !chosen.isKnown && <p class="empty">{chosen.name} does not report its settings.</p>}
      {chosen?.isKnown && (
        <>
          <p>
            Consul: <Badge state={chosen.consul} />
          </p>
          <Refusals process={chosen} />
          <SettingsTable
            settings={chosen.settings.filter((setting) => isWanted(setting, text, changedOnly))}
          />
        </>
      )}
    </>
  );
}

function isWanted({ name, source }: Setting, text: string, changedOnly: boolean): boolean {
  return name.toLowerCase().includes(text.trim().toLowerCase()) && !(changedOnly && source === 'default');
}

function Refusals({ process: { refused, waiting } }: { process: ProcessSettings }) {
  return (
    <>
      {refused.map(({ name, source, reason }) => (
        <p key={name} class="fault">
          {name} of {source} is refused: {reason}
        </p>
      ))}
      {waiting.map(({ name, source }) => (
        <p key={name} class="hint">
          {name} of {source} counts from the next start on.
        </p>
      ))}
    </>
  );
}

function SettingsTable({ settings }: { settings: readonly Setting[] }) {
  if (settings.length === 0) return <p class="empty">No setting is like that.</p>;
  return (
    <ScrollTable label="Settings" columns={['Setting', 'Value', 'From', 'Change']}>
      {settings.map(({ name, value, source, live }) => (
        <tr key={name}>
          <th scope="row">
            <code>{name}</code>
          </th>
          <td class="value">{value === null ? <span class="hint">not set</span> : <code>{value}</code>}</td>
          <td>{source}</td>
          <td class="time">{live ? 'takes effect at once' : 'at the next start'}</td>
        </tr>
      ))}
    </ScrollTable>
  );
}

import {
  ConsulSettings,
  describeSettings,
  type ReadSettings,
  type Refusal,
  settingsOf,
  SettingsSources,
  type SettingView,
  viewSettings,
} from '@fissile/kit/config';
import type { Product } from '@fissile/kit/contract';
import { checkPlan, type HostedModule, settlePlan } from '@fissile/kit/nest';
import type { PlannedProcess } from '@fissile/kit/rpc';
import type { ProgramCommand } from './program-command.js';

/** What `npm run config` shows of a process, or of all of them. */
interface SettingsReport {
  /** null for several processes. */
  readonly process: string | null;
  readonly consul: { readonly prefix: string; readonly failure: string | null } | null;
  readonly settings: readonly SettingView[];
  /** What single processes have that is not the same for all; empty for one process. */
  readonly differences: readonly (SettingView & { readonly process: string })[];
  readonly refused: readonly Refusal[];
  readonly errors: readonly string[];
}

/**
 * Prints the settings that a start would have now, read from the same sources.
 * @returns the exit code: 1 when anything is refused or wrong
 */
export async function showSettings(
  product: Product,
  modules: readonly HostedModule[],
  { words, flags }: ProgramCommand,
): Promise<number> {
  if (flags.includes('--schema')) {
    console.log(JSON.stringify(describeSettings(), null, 2));
    return 0;
  }
  const report = await reportOn(product, modules, words[0]);
  if (typeof report === 'string') {
    console.error(report);
    return 1;
  }
  console.log(flags.includes('--json') ? JSON.stringify(report, null, 2) : asText(report));
  return report.refused.length + report.errors.length > 0 ? 1 : 0;
}

/** Gives a text when there is no process of that name. */
async function reportOn(
  product: Product,
  modules: readonly HostedModule[],
  name: string | undefined,
): Promise<SettingsReport | string> {
  const sources = await SettingsSources.read();
  const { plan, planErrors, shared, settingsOfProcess } = settlePlan(product, modules, sources);
  const processes = plan?.processes ?? [];
  const chosen = name === undefined ? plan?.self : findProcess(processes, name);
  if (name !== undefined && !chosen) {
    return `there is no process or context ${name}; expected one of ${processes.map((one) => one.name).join(', ')}`;
  }
  const read = chosen ? settingsOfProcess(chosen) : shared;
  const others = chosen ? [] : processes.map((placed) => ({ placed, read: settingsOfProcess(placed) }));
  const known = [...product.components, ...processes.map((placed) => placed.name)];
  const { loaded } = read;
  const { CONSUL_URL, CONSUL_KV_PREFIX } = settingsOf(ConsulSettings, loaded);
  return {
    process: chosen?.name ?? null,
    consul:
      CONSUL_URL === undefined ? null : { prefix: CONSUL_KV_PREFIX, failure: sources.consulFailure ?? null },
    settings: viewSettings(loaded.values),
    differences: others.flatMap(({ placed, read: own }) => differences(placed.name, read, own)),
    refused: distinct([
      ...[read, ...others.map((other) => other.read)].flatMap(({ refusals }) => refusals),
      ...(plan ? sources.strayRefusals(known) : []),
    ]),
    errors: [...read.errors, ...planErrors, ...(plan ? checkPlan(plan, loaded) : [])],
  };
}

function findProcess(processes: readonly PlannedProcess[], name: string): PlannedProcess | undefined {
  const byName = processes.find((placed) => placed.name === name);
  return byName ?? processes.find(({ hosts }) => hosts.includes(name));
}

function differences(
  process: string,
  shared: ReadSettings,
  own: ReadSettings,
): (SettingView & { process: string })[] {
  const common = new Map(viewSettings(shared.loaded.values).map((view) => [view.name, view]));
  return viewSettings(own.loaded.values)
    .filter(({ name, source }) => source !== common.get(name)?.source)
    .map((view) => ({ process, ...view }));
}

function distinct(refusals: readonly Refusal[]): Refusal[] {
  return [...new Map(refusals.map((refusal) => [refusal.source, refusal])).values()];
}

function asText(report: SettingsReport): string {
  const groups = Map.groupBy(report.settings, ({ group }) => group);
  const byName = [...groups].sort(([one], [other]) => one.localeCompare(other));
  const rows = byName.flatMap(([group, views]) => ['', `${group}:`, ...table(views.map(rowOf))]);
  const own = report.differences.map(({ process, ...view }) => [process, ...rowOf(view)]);
  return [
    `Settings of ${report.process ?? 'all processes'}${consulLine(report)}`,
    ...rows,
    ...section('Of single processes', table(own)),
    ...section('Refused, so that another value counts', report.refused.map(refusalLine)),
    ...section(
      'Not valid, so that nothing would start',
      report.errors.map((error) => `  ${error}`),
    ),
  ].join('\n');
}

function consulLine({ consul }: SettingsReport): string {
  if (!consul) return '';
  const { prefix, failure } = consul;
  return failure === null ? `, with ${prefix} of Consul` : `; Consul does not answer (${failure})`;
}

function rowOf({ name, value, source, live }: SettingView): string[] {
  return [name, value ?? '-', source, live ? 'live' : ''];
}

function refusalLine({ name, source, reason }: Refusal): string {
  return `  ${name} (${source}): ${reason}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines];
}

/** Columns are as wide as their widest cell, within reason. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.min(48, Math.max(...rows.map((row) => row[column]?.length ?? 0))),
  );
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}

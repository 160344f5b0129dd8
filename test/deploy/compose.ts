import { Ajv } from 'ajv';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from 'yaml';

export interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly target?: string };
  readonly profiles?: readonly string[];
  readonly user?: string;
  readonly ports?: readonly unknown[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[] };
  readonly mem_limit?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string; readonly required?: boolean }>>;
  readonly privileged?: boolean;
  readonly environment?: Readonly<Record<string, string | number>>;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
}

/** The services that clients may reach, in either topology. */
export const EDGES: readonly string[] = ['gateway', 'monolith'];

/** The dashboards of operators, on the local machine only. */
const CONSOLES: readonly string[] = ['alertmanager', 'grafana', 'jaeger', 'mailpit', 'prometheus'];

const checkSchema = compileSchema();

/** A package that lints Compose files includes the official schema; its own rules are not used. */
function compileSchema() {
  const require = createRequire(import.meta.url);
  const path = require.resolve('dclint/package.json').replace('package.json', 'schemas/compose.schema.json');
  const schema = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  // It refers to draft 7, Ajv's default, by a URL that Ajv does not know.
  delete schema['$schema'];
  return new Ajv({ allErrors: true, strict: false }).compile(schema);
}

/** Parses a Compose file as Compose does, with its anchors merged. */
export function readCompose(text: string): ComposeFile {
  return parse(text, { merge: true }) as ComposeFile;
}

export function schemaFaults(file: ComposeFile): string[] {
  checkSchema(file);
  return (checkSchema.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

export function missingApps(file: ComposeFile, apps: readonly string[]): string[] {
  return apps.filter((app) => {
    const service = file.services[app];
    const profile = app === 'monolith' ? 'monolith' : 'split';
    return service?.build?.target !== app || !service.profiles?.includes(profile);
  });
}

/** Images built by the project run as the Dockerfile says; a third-party image must name its user. */
export function rootServices(file: ComposeFile): string[] {
  return namesOf(
    file,
    ({ build, user, privileged }) => privileged === true || (user === undefined ? !build : isRoot(user)),
  );
}

export function isRoot(user: string): boolean {
  return ['root', '0', ''].includes(user.split(':')[0] ?? '');
}

/** Services that publish a port without need, or to other machines. */
export function openServices(file: ComposeFile): string[] {
  return Object.entries(file.services)
    .filter(([name, { ports = [] }]) =>
      ports.some((port) => ![...EDGES, ...CONSOLES].includes(name) || !String(port).startsWith('127.0.0.1:')),
    )
    .map(([name]) => name);
}

/** Images without a tag, or with one that moves to another major or minor version. A digest may stand beside it. */
export function unpinnedServices(file: ComposeFile): string[] {
  const pinned = /:v?\d+\.\d+(\.\d+)?(-\w+)*(@sha256:[a-f0-9]{64})?$/;
  return namesOf(file, ({ build, image }) => !build && !pinned.test(image ?? ''));
}

/** Services that may take the memory of the whole machine. */
export function unboundedServices(file: ComposeFile): string[] {
  return namesOf(file, ({ mem_limit: limit }) => limit === undefined);
}

/** Services whose health check starts a virtual machine each time. */
export function heavyChecks(file: ComposeFile): string[] {
  return namesOf(file, ({ healthcheck }) =>
    /\.sh|rabbitmq-diagnostics|java/.test(healthcheck?.test?.join(' ') ?? ''),
  );
}

/** Services that a profile does not start, although its processes wait for them. */
export function missingServices(file: ComposeFile, profile: string): string[] {
  const inProfile = ([, { profiles = [profile] }]: [string, ComposeService]) => profiles.includes(profile);
  const started = Object.entries(file.services).filter(inProfile);
  const names = started.map(([name]) => name);
  return started.flatMap(([service, { depends_on: needs = {} }]) =>
    Object.entries(needs)
      .filter(([name, { required }]) => required !== false && !names.includes(name))
      .map(([name]) => `${service} needs ${name}`),
  );
}

/** Secrets that are in the file instead of .env. */
export function writtenSecrets(file: ComposeFile): string[] {
  return Object.entries(file.services).flatMap(([service, { environment = {} }]) =>
    Object.entries(environment)
      .filter(([name, value]) => isSecret(name, String(value)))
      .map(([name]) => `${service}: ${name}`),
  );
}

function isSecret(name: string, value: string): boolean {
  if (/(PASSWORD|PASS|SECRET|AUTH)$/.test(name)) return !/^("?)\$\{\w+(:\?[^}]+|-)\}\1$/.test(value);
  return /:\/\/[^@/]*:(?!\$\{\w+:\?)[^@/]*@/.test(value);
}

/** The variables without which Compose refuses to start. */
export function requiredVariables(text: string): string[] {
  return [...new Set([...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name ?? ''))].sort();
}

/** Variables that the shop's own processes receive. */
export function variablesOf(file: ComposeFile): string[] {
  return Object.values(file.services)
    .filter(({ build }) => build)
    .flatMap(({ environment = {} }) => Object.keys(environment));
}

/** Services of a profile that no process of the shop is configured with, except those that read from the shop. */
export function unusedServices(file: ComposeFile, profile: string): string[] {
  const inProfile = Object.entries(file.services).filter(([, { profiles = [profile] }]) =>
    profiles.includes(profile),
  );
  const settings = inProfile.flatMap(([, { build, environment = {} }]) =>
    build ? Object.values(environment) : [],
  );
  return inProfile
    .filter(([, { build }]) => !build)
    .map(([name]) => name)
    .filter((name) => !settings.some((value) => new RegExp(`[/@]?\\b${name}:\\d+`).test(String(value))));
}

function namesOf(file: ComposeFile, is: (service: ComposeService) => boolean): string[] {
  return Object.entries(file.services)
    .filter(([, service]) => is(service))
    .map(([name]) => name);
}

import { parse } from 'yaml';
import { z } from 'zod';
import { GATEWAY } from '@fissile/kit/contract';
import { OPTIONAL_SERVICES } from './description.js';

export const DEPLOYMENT_FILE = 'config/deployment.yaml';

/** Set by what is generated, for every process. */
const GENERATED_VARIABLES =
  /^(TOPOLOGY|HOSTS|HOST|PORT|PROCESS_ADDRESSES|INTERNAL_AUTH_(SECRET|KEYS?)|MIGRATE_AT_START|(\w+_)?DATABASE_(URL|PASSWORD)|\w+_BROKER_PASSWORD|\w+_INTERNAL_KEY)$/;

/** A map that refuses other keys, and names those that it knows. */
function mapOf<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `${issue.keys.join(', ')}: unknown; expected ${known}`
        : `expected a map of ${known}`,
  });
}

const Flag = z.boolean('expected true or false').default(false);
const Text = z
  .union([z.string(), z.number(), z.boolean()], 'expected a text')
  .transform(String)
  .refine((text) => !text.includes('\n'), 'expected one line');

const Variable = mapOf({
  required: Flag,
  secret: Flag,
  default: Text.optional(),
  example: Text.optional(),
  description: Text.optional(),
}).refine((variable) => !variable.required || variable.default === undefined, {
  error: 'required: what has a default is not required',
});
const VariableName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, 'expected the name of a variable, such as SMTP_URL')
  .refine((name) => !GENERATED_VARIABLES.test(name), 'is set by what is generated');
// A variable without properties is one that may be absent: `PROXY_URL:`.
const Variables = z.record(
  VariableName,
  Variable.nullable().transform((variable) => variable ?? { required: false, secret: false }),
  'expected variables by name',
);

const Service = z.enum(OPTIONAL_SERVICES, `expected one of ${OPTIONAL_SERVICES.join(', ')}`);
const NEEDED: readonly (readonly [service: string, needed: string])[] = [
  ['otel-collector', 'jaeger'],
  ['jaeger', 'otel-collector'],
  ['grafana', 'prometheus'],
  ['alertmanager', 'prometheus'],
  ['postgres-exporter', 'prometheus'],
];
const Services = z
  .array(Service, 'expected a list of services')
  .superRefine((services: string[], context) => {
    for (const [service, needed] of NEEDED) {
      if (!services.includes(service) || services.includes(needed)) continue;
      context.addIssue({ code: 'custom', message: `${service} needs ${needed}: expected both or neither` });
    }
  });

const Path = z.string('expected a path').regex(/^\/[\w./-]*$/, 'expected a path, such as /window');
const IngressPath = z.union(
  [Path.transform((path) => ({ path, exact: false })), mapOf({ path: Path, exact: Flag })],
  { error: 'expected a path, such as /window, or a map of path and exact' },
);
const HostAndPort = z.string('expected host:port').regex(/^[^\s:]+:\d+$/, 'expected host:port');

/** What the product has, by their names. */
export interface ProductNames {
  readonly components: readonly string[];
  readonly topologies: readonly string[];
}

function fileOf({ components, topologies }: ProductNames) {
  const Topologies = z.array(oneOf(topologies), 'expected a list of names').optional();
  const Compose = mapOf({
    topologies: Topologies,
    services: Services.default([]),
    portVariable: VariableName.default('PUBLIC_PORT'),
    alertmanagers: z.array(HostAndPort, 'expected a list of host:port').default([]),
  });
  const Live = mapOf({
    contexts: z
      .array(oneOf(components.filter((name) => name !== GATEWAY)), 'expected a list of contexts')
      .optional(),
    consul: z.url({ protocol: /^https?$/, error: 'expected an address, such as http://consul.example:8500' }),
  });
  const Kubernetes = mapOf({
    topologies: Topologies,
    host: z.string('expected the name of a host').min(1).default('www.example.com'),
    ingressClass: z.string('expected the name of an IngressClass').min(1).default('nginx'),
    registry: z
      .string('expected the address of a registry')
      .regex(/^[\w.:/-]*[\w-]$/, 'expected the address of a registry without / at its end')
      .optional(),
    tag: Text.pipe(z.string().regex(/^\w[\w.-]{0,127}$/, 'expected the tag of an image')).default('0.1'),
    prometheusRelease: z
      .string('expected the value of a label')
      .regex(/^[a-zA-Z0-9][\w.-]{0,62}$/, 'expected the value of a label')
      .default('kube-prometheus-stack'),
    publishConsole: Flag,
    paths: z.array(IngressPath, 'expected a list of paths').default([]),
    maxConnections: z.int('expected a whole number').positive('expected a number above 0').optional(),
    live: Live.optional(),
    settings: z.record(VariableName, Text, 'expected settings by name').default({}),
  });
  const orFalse = { error: 'expected false, or a map' };
  return mapOf({
    environment: Variables.default({}),
    components: z.record(oneOf(components), Variables.nullable(), 'expected components by name').default({}),
    compose: z.union([z.literal(false), Compose], orFalse).prefault({}),
    kubernetes: z.union([z.literal(false), Kubernetes], orFalse).prefault({}),
  });
}

function oneOf(names: readonly string[]) {
  return z
    .string('expected a name')
    .refine((name) => names.includes(name), `unknown; expected one of ${names.join(', ')}`);
}

export type DeploymentFile = z.output<ReturnType<typeof fileOf>>;

/**
 * The content of config/deployment.yaml, with defaults for what it leaves out.
 * @param text undefined when there is no such file
 * @param errors gets a line for each thing that is wrong
 */
export function readDeploymentFile(
  text: string | undefined,
  names: ProductNames,
  errors: string[],
): DeploymentFile {
  const File = fileOf(names);
  let content: unknown;
  try {
    content = parse(text ?? '') ?? {};
  } catch {
    errors.push(`${DEPLOYMENT_FILE}: not readable YAML`);
    content = {};
  }
  const result = File.safeParse(content);
  if (result.success) return result.data;
  errors.push(...result.error.issues.flatMap((issue) => linesOf(issue)));
  return File.parse({});
}

/** An issue of a union is that of the member which was meant. */
function linesOf(issue: z.core.$ZodIssue, above: readonly PropertyKey[] = []): string[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'invalid_union') {
    const meant = issue.errors.filter((issues) =>
      issues.some(({ path: inner, code }) => inner.length > 0 || code === 'unrecognized_keys'),
    );
    if (meant.length > 0) return meant.flat().flatMap((inner) => linesOf(inner, path));
  }
  const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  return [`${[DEPLOYMENT_FILE, path.join('.')].filter((part) => part !== '').join(': ')}: ${message}`];
}

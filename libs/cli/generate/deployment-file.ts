import { parse } from 'yaml';
import { z } from 'zod';
import { OPTIONAL_SERVICES } from './description.js';

export const DEPLOYMENT_FILE = 'config/deployment.yaml';

/** Set by what is generated, for every process. */
const GENERATED_VARIABLES =
  /^(TOPOLOGY|HOSTS|HOST|PORT|PROCESS_ADDRESSES|INTERNAL_AUTH_SECRET|MIGRATE_AT_START|(\w+_)?DATABASE_(URL|PASSWORD))$/;

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
const Names = z.array(z.string('expected a name'), 'expected a list of names');

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
];
const Services = z
  .array(Service, 'expected a list of services')
  .superRefine((services: string[], context) => {
    for (const [service, needed] of NEEDED) {
      if (!services.includes(service) || services.includes(needed)) continue;
      context.addIssue({ code: 'custom', message: `${service} needs ${needed}: expected both or neither` });
    }
  });

const Path = z.string('expected a path').regex(/^\/[\w./-]*$/, 'expected a path, such as /shop-window');
const Compose = mapOf({
  topologies: Names.optional(),
  services: Services.default([]),
  portVariable: VariableName.default('PUBLIC_PORT'),
  alertmanagers: z
    .array(z.string('expected host:port').regex(/^[^\s:]+:\d+$/, 'expected host:port'))
    .default([]),
});
const Kubernetes = mapOf({
  topologies: Names.optional(),
  host: z.string('expected the name of a host').min(1).default('www.example.com'),
  paths: z
    .array(
      z.union([Path.transform((path) => ({ path, exact: false })), mapOf({ path: Path, exact: Flag })], {
        error: 'expected a path, such as /shop-window, or a map of path and exact',
      }),
    )
    .default([]),
  settings: z.record(VariableName, Text, 'expected settings by name').default({}),
});

const File = mapOf({
  environment: Variables.default({}),
  components: z.record(z.string(), Variables.nullable(), 'expected components by name').default({}),
  compose: z.union([z.literal(false), Compose], { error: compositeError }).prefault({}),
  kubernetes: z.union([z.literal(false), Kubernetes], { error: compositeError }).prefault({}),
});

function compositeError(): string {
  return 'expected false, or a map';
}

export type DeploymentFile = z.output<typeof File>;

/**
 * The content of config/deployment.yaml, with defaults for what it leaves out.
 * @param text undefined when there is no such file
 * @param errors gets a line for each thing that is wrong
 */
export function readDeploymentFile(text: string | undefined, errors: string[]): DeploymentFile {
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

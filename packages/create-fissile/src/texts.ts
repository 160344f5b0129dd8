import type { Auth, Options } from './options.js';

const SIGN_IN: Readonly<Record<Auth, string>> = {
  users: `The context \`users\` has accounts, sessions and roles. The first admin is \`ADMIN_EMAIL\` with \`ADMIN_PASSWORD\`; without
a password one is generated, and printed once at the first start.`,
  oidc: `Access tokens of an OpenID provider are verified by its discovery document: set \`AUTH_ISSUER\`, \`AUTH_AUDIENCE\` and, for the
claim that has the roles, \`AUTH_ROLES_CLAIM\`; \`config/auth.env.example\` shows them. Without \`AUTH_ISSUER\` no token is accepted.`,
};

const BROKER_SETTINGS: Readonly<Record<string, string>> = {
  nats: 'NATS_URL',
  rmq: 'RABBITMQ_URL',
  rabbitmq: 'RABBITMQ_URL',
  redis: 'REDIS_URL',
  kafka: 'KAFKA_BROKERS',
};

/** What the placeholders of the template stand for. */
export function placeholderValues(options: Options): Record<string, string> {
  const { name, auth } = options;
  const settings = settingsLines(options);
  return {
    name,
    title: titleOf(name),
    signIn: SIGN_IN[auth],
    transportText: transportText(options),
    settings: settings.map((line) => `\n    ${line}`).join(''),
    settingsBlock:
      settings.length === 0 ? '' : `\n  settings: {${settings.map((line) => `\n    ${line}`).join('')}\n  },`,
  };
}

/** `@acme/our-clinic` is "Our clinic". */
function titleOf(name: string): string {
  const words =
    name
      .replace(/^@[^/]*\//, '')
      .replaceAll(/[._~-]+/g, ' ')
      .trim() || name;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function settingsLines({ transport, bus }: Options): string[] {
  return [
    ...(transport === undefined ? [] : [`TRANSPORT: '${transport}',`]),
    ...(bus === undefined ? [] : [`EVENT_BUS: '${bus}',`]),
  ];
}

function transportText({ transport, bus }: Options): string {
  const settings = [transport, bus].flatMap((choice) => BROKER_SETTINGS[choice ?? ''] ?? []);
  if (settings.length === 0) return '';
  const names = [...new Set(settings)].map((name) => `\`${name}\``).join(' and ');
  return `\nSeveral processes also need a broker: set ${names}.\n`;
}

import { brokersOf } from './brokers.js';
import type { Answers, Auth } from './options.js';

const SIGN_IN: Readonly<Record<Auth, string>> = {
  users: `The context \`users\` has accounts, sessions and roles. The first admin is \`ADMIN_EMAIL\` with \`ADMIN_PASSWORD\`; without
a password one is generated, printed once at the first start, and replaced by the first sign-in. With
\`ADMIN_SECOND_FACTOR=required\` admins need a second factor.`,
  oidc: `Access tokens of an OpenID provider are verified by its discovery document: set \`AUTH_ISSUER\`, \`AUTH_AUDIENCE\` and, for the
claim that has the roles, \`AUTH_ROLES_CLAIM\`; \`config/auth.env.example\` shows them. Without \`AUTH_ISSUER\` no token is accepted.`,
};

/** Clients reach it beside the API: others verify tokens with these keys. */
const KEYS_PATH = `
kubernetes:
  # Beside the API, clients reach these.
  paths:
    - path: /.well-known/jwks.json
      exact: true
`;

/** What the placeholders of the template stand for. */
export function placeholderValues(options: Answers): Record<string, string> {
  const { name, auth, contexts } = options;
  const settings = settingsLines(options);
  return {
    name,
    firstContext: contexts[0]?.plural ?? auth,
    title: titleOf(name),
    signIn: SIGN_IN[auth],
    transportText: transportText(options),
    compose: composeText(options),
    kubernetes: kubernetesText(options),
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

function settingsLines({ transport, bus }: Answers): string[] {
  return [
    ...(transport === undefined ? [] : [`TRANSPORT: '${transport}',`]),
    ...(bus === undefined ? [] : [`EVENT_BUS: '${bus}',`]),
  ];
}

function transportText(options: Answers): string {
  const names = unique(brokersOf(options).map(({ setting }) => `\`${setting}\``));
  return names.length === 0 ? '' : `\nSeveral processes also need a broker: set ${names.join(' and ')}.\n`;
}

function composeText(options: Answers): string {
  const services = unique(brokersOf(options).map(({ service }) => service));
  return services.length === 0 ? '' : `\ncompose:\n  services: [${services.join(', ')}]\n`;
}

function kubernetesText({ k8s, auth }: Answers): string {
  if (!k8s) return '\nkubernetes: false\n';
  return auth === 'users' ? KEYS_PATH : '';
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

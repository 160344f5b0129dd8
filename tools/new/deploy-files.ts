import type { ContextNames } from './context-names.js';
import { insertBefore, replaceAt } from './text-edit.js';

type Edit = [path: string, edit: (text: string) => string];

/** What images, Compose and Kubernetes need for a new context. */
export function deployEdits({ contexts, CONTEXTS }: ContextNames): Edit[] {
  const password = `${CONTEXTS}_DATABASE_PASSWORD`;
  return [
    [
      'Dockerfile',
      (text) =>
        insertBefore(
          text,
          'FROM runtime AS monolith',
          `FROM runtime AS ${contexts}\nCMD ["node", "dist/apps/${contexts}/src/main.js"]\n\n`,
        ),
    ],
    ['docker-compose.yml', (text) => addToCompose(text, contexts, CONTEXTS)],
    [
      'deploy/postgres/create-databases.sh',
      (text) => replaceAt(text, /^(for context in .*); do$/m, `$1 ${contexts}; do`),
    ],
    ['deploy/compose.env.example', (text) => insertBefore(text, 'REDIS_PASSWORD=', `${password}=\n`)],
    [
      'deploy/prometheus/prometheus.yml',
      (text) => replaceAt(text, /(- names:\s*\[\s*monolith,[^\]]*?),?(\s*\])/, `$1, ${contexts}$2`),
    ],
    ...['secrets', 'migrate'].map((patch): Edit => [
      `k8s/overlays/monolith/${patch}.yaml`,
      (text) => `${text.trimEnd()}\n${secretOf(`${CONTEXTS}_DATABASE_URL`)}`,
    ]),
    [
      'k8s/overlays/split/kustomization.yaml',
      (text) => replaceAt(text, /(bases:\s*\[[^\]]*?),?(\s*\])/, `$1, ${contexts}$2`),
    ],
    [
      'k8s/overlays/split/settings.yaml',
      (text) =>
        replaceAt(
          text,
          /^( +)(notifications=\S+:3000:4000)/m,
          `$1${contexts}=fissile-${contexts}:3000:4000,\n$1$2`,
        ),
    ],
  ];
}

function addToCompose(text: string, contexts: string, CONTEXTS: string): string {
  const password = `${CONTEXTS}_DATABASE_PASSWORD`;
  const given = `\${${password}:?set ${password} in .env, see deploy/compose.env.example}`;
  const url = `      ${CONTEXTS}_DATABASE_URL: postgres://${contexts}:${given}@postgres:5432/${contexts}\n`;
  const service = `  ${contexts}:
    <<: *process
    profiles: [split]
    image: fissile-${contexts}
    build: { context: ., target: ${contexts} }
    depends_on: *needs
    environment:
      <<: *split
${url}
`;
  const withAddress = replaceAt(
    text,
    /^( +)(notifications=\S+:3000:4000)/m,
    `$1${contexts}=${contexts}:3000:4000,\n$1$2`,
  );
  const withUrl = insertBefore(withAddress, '\n  gateway:\n', url);
  const withNeed = insertBefore(
    withUrl,
    "    ports: ['127.0.0.1:${SHOP_PORT:-3000}:3000']\n    environment:\n      <<: *split",
    `      ${contexts}: { condition: service_healthy }\n`,
  );
  const withPassword = insertBefore(
    withNeed,
    '    volumes:\n      - postgres:/var/lib/postgresql/data',
    `      ${password}: ${given}\n`,
  );
  return insertBefore(withPassword, '  postgres:\n    <<: *store', service);
}

function secretOf(name: string): string {
  return `            - name: ${name}
              valueFrom:
                secretKeyRef: { name: fissile-secrets, key: ${name}, optional: true }
`;
}

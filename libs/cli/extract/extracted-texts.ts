/** The image of a context in a repository of its own. */
export function dockerfileOf(context: string): string {
  return `FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN npm ci --ignore-scripts --no-audit --no-fund && npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/contracts ./contracts
COPY --from=build /app/config ./config
USER 1000:1000
EXPOSE 3000 4000
STOPSIGNAL SIGTERM
CMD ["node", "dist/apps/${context}/src/main.js"]
`;
}

export function readmeOf(product: string, context: string): string {
  const SETTING = context.toUpperCase();
  return `# ${context}

The context \`${context}\` of ${product}, in a repository of its own. \`apps/${context}\` is its code with its migrations,
\`contracts/\` the language that it shares with the other contexts, \`config/topology.yaml\` the processes of the product.

\`\`\`
npm install
npm test
npm run migrate
npm start
\`\`\`

It takes part in the product over the wire, as one process of a topology. Give it what its other processes have:

| Setting | What |
| --- | --- |
| \`TOPOLOGY\` | the topology of the product in which \`${context}\` is a process, such as \`split\` |
| \`HOSTS\` | \`${context}\` |
| \`PROCESS_ADDRESSES\` or \`DISCOVERY\` | where the other processes are |
| \`TRANSPORT\`, \`EVENT_BUS\`, and the URLs of their brokers | the same as everywhere |
| \`INTERNAL_AUTH_SECRET\` | the secret by which processes know each other |
| \`${SETTING}_DATABASE_URL\` | its database, which stays the same one |

A contract changes in two repositories from now on: change the provider first, and only by adding
(\`buf breaking\` tells), then \`npm run contracts\` in both.
`;
}

export function workflowOf(): string {
  return `name: ci
on: [push, pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 24 }
      - run: npm ci
      - run: npm test
`;
}

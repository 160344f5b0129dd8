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

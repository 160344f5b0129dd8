import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { it } from 'node:test';
import { kafkaCommands } from './kafka-commands.js';

const USE = {
  prefix: 'toy',
  events: [
    { context: 'alpha', publishes: ['alpha.happened'], handles: [] },
    { context: 'beta', publishes: [], handles: ['alpha.happened'] },
    { context: 'gamma', publishes: ['gamma.happened'], handles: ['alpha.happened'] },
  ],
};
const CLUSTER = '--bootstrap-server kafka:9092 --command-config admin.properties';
/** In place of Kafka's tools: what they were given, a word in brackets each. */
const TOOLS = ['kafka-configs.sh', 'kafka-acls.sh'].map(
  (tool) => `${tool}() { printf '[%s]' ${tool} "$@"; echo; }`,
);

function run(...accounts: Parameters<typeof kafkaCommands>[1]): string[] {
  const commands = kafkaCommands(USE, accounts, ({ name }) => `${name.toUpperCase()}_PASSWORD`);
  const env = {
    KAFKA_BROKERS: 'kafka:9092',
    KAFKA_ADMIN_CONFIG: 'admin.properties',
    ...Object.fromEntries(accounts.map(({ name }) => [`${name.toUpperCase()}_PASSWORD`, `${name}-12e34`])),
  };
  const output = execFileSync('bash', ['-euc', [...TOOLS, commands].join('\n')], { env, encoding: 'utf8' });
  return output.trim().split('\n');
}

function tool(name: string, words: string): string {
  return [name, ...`${CLUSTER} ${words}`.split(' ')].map((word) => `[${word}]`).join('');
}

const user = (name: string): string =>
  tool(
    'kafka-configs.sh',
    `--alter --entity-type users --entity-name ${name} --add-config SCRAM-SHA-512=[password=${name}-12e34]`,
  );
const permission = (name: string, operations: readonly string[], resource: string): string => {
  const operated = operations.map((operation) => `--operation ${operation}`).join(' ');
  return tool('kafka-acls.sh', `--add --allow-principal User:${name} ${operated} ${resource}`);
};

it('An account of Kafka may write where its contexts publish, read where they handle, and join their groups alone', () => {
  const lines = run(
    { name: 'edge', process: 'edge', hosts: ['gateway'] },
    { name: 'alpha', process: 'alpha', hosts: ['alpha'] },
    { name: 'core', process: 'core', hosts: ['beta', 'gamma'] },
  ).filter((line) => line !== '');
  assert.deepEqual(lines, [
    user('edge'),
    permission('edge', ['Describe', 'Create'], '--topic toy.events'),
    user('alpha'),
    permission('alpha', ['Describe', 'Create', 'Write'], '--topic toy.events'),
    user('core'),
    permission('core', ['Describe', 'Create', 'Write', 'Read'], '--topic toy.events'),
    permission('core', ['Read'], '--group toy.events.beta'),
    permission('core', ['Read'], '--group toy.events.gamma'),
  ]);
});

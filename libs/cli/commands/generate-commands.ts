import { Command } from 'commander';
import { clientFiles } from '../client/client-files.js';
import { programDocument } from '../client/program-document.js';
import { CommandError } from '../command-error.js';
import { generatedFiles, readDeployment, writeGenerated } from '../generate/generate.js';
import { isOfPart, type Part } from '../generate/generated-files.js';
import { type Difference, differences } from '../generate/write-generated.js';
import { findProject, loadProduct } from '../product-project.js';

interface GenerateOptions {
  readonly check?: boolean;
  readonly client?: boolean;
  readonly topology?: string;
}

/** Files that follow from the product's contexts, config/topology.yaml and config/deployment.yaml. */
export function generateCommands(): Command[] {
  return [generateCommand(), composeCommand(), kubernetesCommand()];
}

function generateCommand(): Command {
  return new Command('generate')
    .description('Writes Compose, Kubernetes, Prometheus, Dockerfile targets and nest-cli.json anew')
    .option('--check', 'writes nothing, and fails when a file is not as it would be written')
    .option('--client', "also the product's OpenAPI document and the types of its client, in client/")
    .addHelpText(
      'after',
      `
Examples:
  fissile generate           after a change of the contexts, config/topology.yaml or config/deployment.yaml
  fissile generate --client  and with the types of a client, for which it needs openapi-typescript
  fissile generate --check   in CI

Files are written when they differ, and removed when what they were for is gone. What you add stands in files of your
own: compose.override.yaml, overlays that refer to those in k8s, deploy/prometheus/rules.`,
    )
    .action(async (options: GenerateOptions) =>
      options.check ? checkFiles(options) : writeFiles('all', options),
    );
}

function composeCommand(): Command {
  return new Command('compose')
    .description('Writes docker-compose.yml and what it needs in deploy/ anew')
    .addHelpText(
      'after',
      `
Examples:
  fissile compose && docker compose --profile monolith up --build
  fissile compose && docker compose --profile split up --build

The profiles are compose.topologies in config/deployment.yaml: monolith and split when it says nothing.`,
    )
    .action(() => writeFiles('compose'));
}

function kubernetesCommand(): Command {
  return new Command('k8s')
    .description('Writes the Kubernetes manifests in k8s/ anew')
    .option('--topology <name>', 'adds an overlay for this topology of config/topology.yaml')
    .addHelpText(
      'after',
      `
Examples:
  fissile k8s
  fissile k8s --topology edge-core && kubectl apply -k k8s/overlays/edge-core

An overlay that was added is kept up to date from then on, until you delete its folder.`,
    )
    .action((options: GenerateOptions) => writeFiles('k8s', options));
}

async function describe({ topology, client }: GenerateOptions) {
  const project = findProject();
  const product = await loadProduct(project);
  const more = { kubernetesTopology: topology, product };
  const description = readDeployment(project.root, product.contextNames, {}, more);
  const ofClient = client
    ? await clientFiles(await programDocument(project.root), 'What the product describes')
    : [];
  return { root: project.root, description, files: [...generatedFiles(description), ...ofClient] };
}

async function writeFiles(part: Part, options: GenerateOptions = {}): Promise<void> {
  const { root, description, files } = await describe(options);
  const off = (part === 'compose' && !description.compose) || (part === 'k8s' && !description.kubernetes);
  const key = part === 'k8s' ? 'kubernetes' : part;
  if (off)
    throw new CommandError(`config/deployment.yaml: ${key}: false: the product does not want these files`);
  const changes = writeGenerated(root, files, (path) => isOfPart(path, part));
  for (const change of changes) console.log(lineOf(change));
  if (changes.length === 0) console.log('Everything is up to date.');
}

function lineOf({ path, kind }: Difference): string {
  if (kind === 'left over') return `removed ${path}`;
  return `${kind === 'missing' ? 'created' : 'changed'} ${path}`;
}

async function checkFiles(options: GenerateOptions): Promise<void> {
  const { root, files } = await describe(options);
  const stale = differences(root, files);
  if (stale.length === 0) return;
  const lines = stale.map(({ path, kind }) => `  ${path}: ${kind}`);
  const command = `fissile generate${options.client ? ' --client' : ''}`;
  throw new CommandError(`not as ${command} writes them:\n${lines.join('\n')}\nRun ${command}.`);
}

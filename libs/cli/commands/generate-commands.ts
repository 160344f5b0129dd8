import { Command } from 'commander';
import type { GenerateOptions } from '../generate/follow-product.js';

/** Loads the product and most of the kit: only what is asked for that waits for it. */
const load = () => import('../generate/follow-product.js');

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
    .action(async (options: GenerateOptions) => {
      const { checkFiles, writeFiles } = await load();
      await (options.check ? checkFiles(options) : writeFiles('all', options));
    });
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
    .action(async () => (await load()).writeFiles('compose'));
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
    .action(async (options: GenerateOptions) => (await load()).writeFiles('k8s', options));
}

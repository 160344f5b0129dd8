import { clientFiles } from '../client/client-files.js';
import { programDocument } from '../client/program-document.js';
import { CommandError } from '../command-error.js';
import { findProject, loadProduct } from '../product-project.js';
import { generatedFiles, readDeployment, writeGenerated } from './generate.js';
import { isOfPart, type Part } from './generated-files.js';
import { type Difference, differences } from './write-generated.js';

export interface GenerateOptions {
  readonly check?: boolean;
  readonly client?: boolean;
  readonly topology?: string;
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

/** Brings the files of a part up to date, and says which were changed. */
export async function writeFiles(part: Part, options: GenerateOptions = {}): Promise<void> {
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

/** @throws CommandError when a file is not as it would be written */
export async function checkFiles(options: GenerateOptions): Promise<void> {
  const { root, files } = await describe(options);
  const stale = differences(root, files);
  if (stale.length === 0) return;
  const lines = stale.map(({ path, kind }) => `  ${path}: ${kind}`);
  const command = `fissile generate${options.client ? ' --client' : ''}`;
  throw new CommandError(`not as ${command} writes them:\n${lines.join('\n')}\nRun ${command}.`);
}

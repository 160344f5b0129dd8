import { npmCommand, read } from '../../tools/command-line/command-line.js';
import { readdirSync, readFileSync } from 'node:fs';
import { ContainerTrial } from './container-trial.js';
import { Engine } from './engine.js';
import { type Image, imageFaults, strayFiles } from './image-faults.js';

/**
 * Builds the image of every app, inspects it, and runs it as production does, with its own PostgreSQL. Arguments are
 * passed to the builds. CONTAINER_ENGINE=podman selects Podman instead of Docker.
 * Usage: npm run test:images [-- --network host]
 */
const passedOn = read(
  npmCommand('test:images', 'Builds the image of every app, inspects it, and runs it as production does.')
    .argument('[arguments...]', 'for the builds, such as --network host')
    .allowUnknownOption(),
).args;
const engine = Engine.fromEnvironment();
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Parameters<typeof strayFiles>[1];

async function build(app: string, tag: string): Promise<Image> {
  // Podman's own format does not support the health check.
  const format = engine.program.endsWith('podman') ? ['--format', 'docker'] : [];
  await engine.show(['build', ...format, ...passedOn, '--target', app, '--tag', tag, '.']);
  const [image] = JSON.parse(await engine.text(['image', 'inspect', tag])) as Image[];
  if (!image) throw new Error(`there is no image ${tag}`);
  return image;
}

async function faultsOf(app: string, tag: string, image: Image, trial: ContainerTrial): Promise<string[]> {
  const { files, writable, programs } = await trial.contentsOf(tag);
  return [
    ...imageFaults(image, app),
    ...strayFiles(files, lock).map((file) => `${file} has no business in it`),
    ...writable.map((file) => `its user may write ${file}`),
    ...programs.filter((program) => program !== 'node').map((program) => `it brings ${program}`),
    ...(await trial.faultsOf(tag, app, image)),
  ];
}

const trial = new ContainerTrial(engine);
let faulty = 0;
try {
  await trial.begin();
  for (const app of readdirSync('apps').sort()) {
    const tag = `fissile-${app}`;
    const image = await build(app, tag);
    const faults = await faultsOf(app, tag, image, trial);
    faulty += Math.min(1, faults.length);
    console.log(`  ${faults.length === 0 ? '✔' : '✘'} ${tag}, ${Math.round(image.Size / 1e6)} MB`);
    for (const fault of faults) console.log(`      ${fault}`);
  }
} finally {
  await trial.end();
}
process.exitCode = faulty === 0 ? 0 : 1;

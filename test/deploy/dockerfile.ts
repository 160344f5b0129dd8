import { type Dockerfile, DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { isRoot } from './compose.js';

/** The errors within a Dockerfile: in the syntax of its instructions, and in their meaning. */
export function dockerfileFaults(text: string): string[] {
  const findings = validate(text).map(({ message, range }) => `line ${range.start.line + 1}: ${message}`);
  return [...findings, ...imageFaults(text)];
}

function imageFaults(text: string): string[] {
  const file = DockerfileParser.parse(text);
  const stages = file.getFROMs().map((from) => from.getBuildStage());
  const faults = file
    .getFROMs()
    .filter((from) => !stages.includes(from.getImage() ?? ''))
    .filter((from) => !/^\d+\.\d+(\.\d+)?(-\w+)*$/.test(from.getImageTag() ?? ''))
    .map((from) => `${from.getImage()} is not pinned to a version`);
  const instructions = file
    .getInstructions()
    .map((one) => [one.getKeyword(), one.getArgumentsContent() ?? '']);
  const users = file.getInstructions().filter((instruction) => instruction.getKeyword() === 'USER');
  if (isRoot(users.at(-1)?.getArgumentsContent() ?? '')) faults.push('it runs as root');
  if (file.getHEALTHCHECKs().length === 0) faults.push('it has no HEALTHCHECK');
  faults.push(...strangeOptions(file));
  const installs = file.getInstructions().map((instruction) => instruction.getArgumentsContent() ?? '');
  if (installs.some((command) => /npm (i|install)\b/.test(command)))
    faults.push('it installs what the lock file does not name');
  faults.push(...instructions.flatMap(([keyword = '', content = '']) => instructionFaults(keyword, content)));
  return faults;
}

function instructionFaults(keyword: string, content: string): string[] {
  if (keyword === 'ADD') return ['ADD takes what is not in the repository: use COPY'];
  if (keyword === 'ARG' || keyword === 'ENV')
    return /\w*(SECRET|PASSWORD|TOKEN|_KEY)\w*/.test(content)
      ? [`${keyword} ${content} stays in the image`]
      : [];
  if (keyword === 'CMD' || keyword === 'ENTRYPOINT')
    return content.startsWith('[')
      ? []
      : [`${keyword} ${content} has a shell between signals and the program`];
  return keyword === 'RUN' ? runFaults(content) : [];
}

/**
 * Builders that do not know an option reject the whole file: Podman 4 and Docker before 25 have no --start-interval.
 */
function strangeOptions(file: Dockerfile): string[] {
  return file
    .getHEALTHCHECKs()
    .flatMap((healthCheck) => healthCheck.getFlags())
    .map((flag) => flag.getName())
    .filter((name) => !['interval', 'timeout', 'start-period', 'retries'].includes(name))
    .map((name) => `HEALTHCHECK --${name} is not known to every builder`);
}

function runFaults(command: string): string[] {
  return [
    ...(/\b(curl|wget|apt-get|sudo)\b/.test(command) ? [`${command} takes what no lock file names`] : []),
    // /etc/shadow records the day on which an account was created.
    ...(/(?<!SOURCE_DATE_EPOCH=\d+ )\buseradd\b/.test(command)
      ? [`${command} makes another image each day`]
      : []),
  ];
}

/** The program of the health check, and its arguments. @throws SyntaxError when it needs a shell of the builder's */
export function healthCheckOf(text: string): string[] {
  const [check] = DockerfileParser.parse(text).getHEALTHCHECKs();
  const command = /CMD (\[.*\])$/.exec(check?.getRawArgumentsContent() ?? '')?.[1];
  return JSON.parse(command ?? '') as string[];
}

/** The base image of a stage, through all stages of this file. */
export function baseOf(text: string, target: string): string {
  const images = new Map(
    DockerfileParser.parse(text)
      .getFROMs()
      .map((from) => [from.getBuildStage(), from.getImage()]),
  );
  let image = target;
  for (let next = images.get(image); next; next = images.get(image)) image = next;
  return image;
}

/** The targets that start a program, and the program of each. Excludes commands that need a shell. */
export function programsOf(text: string): Record<string, string> {
  const file = DockerfileParser.parse(text);
  const programs: Record<string, string> = {};
  let stage = '';
  for (const instruction of file.getInstructions()) {
    const content = instruction.getArgumentsContent() ?? '';
    if (instruction.getKeyword() === 'FROM') stage = /\sAS\s+(\S+)/i.exec(content)?.[1] ?? '';
    const [, program] = /^\["node", "([^"]+)"\]$/.exec(content) ?? [];
    if (instruction.getKeyword() === 'CMD' && program !== undefined) programs[stage] = program;
  }
  return programs;
}

import { type Document, isMap, isScalar, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { GATEWAY } from '@fissile/kit/contract';

/**
 * Adds a context to each topology of the text: before the contexts that are there, which it may call, and after the gateway,
 * which may call it. Where each context has a process of its name it gets one too, elsewhere it joins the first process without
 * the gateway.
 * @returns the new text, or the reasons why there is no place for it
 */
export function addToTopologies(text: string, context: string): string | readonly string[] {
  const document: Document = parseDocument(text);
  if (document.errors.length > 0) return document.errors.map(({ message }) => `not YAML: ${message}`);
  // Only the monolith, which is always there and not listed.
  if (document.contents === null) return text;
  if (!isMap(document.contents)) return ['expected topologies by their names'];
  const problems = document.contents.items.flatMap(({ key, value }) => {
    const added = isMap(value) && addToTopology(document, value, context);
    return added ? [] : [`${nameOf(key)}: expected processes with what each hosts, as in core: [one, two]`];
  });
  if (problems.length > 0) return problems;
  return document.toString({ flowCollectionPadding: false, lineWidth: 0 });
}

interface Process {
  readonly name: string;
  readonly hosts: YAMLSeq;
  readonly names: readonly string[];
}

function addToTopology(document: Document, topology: YAMLMap, context: string): boolean {
  const processes = topology.items.map(({ key, value }) => processOf(nameOf(key), value));
  if (processes.length === 0 || !processes.every((process) => process !== undefined)) return false;
  if (processes.every(isOfOneComponent)) {
    const behindGateway = processes.findIndex(({ names }) => names.includes(GATEWAY)) + 1;
    const hosts = document.createNode([context], { flow: true });
    topology.items.splice(behindGateway, 0, document.createPair(context, hosts));
    return true;
  }
  const process = processes.find(({ names }) => !names.includes(GATEWAY)) ?? processes[0];
  process?.hosts.items.splice(process.names.indexOf(GATEWAY) + 1, 0, document.createNode(context));
  return process !== undefined;
}

function isOfOneComponent({ name, names }: Process): boolean {
  return names.length === 1 && (names[0] === name || names[0] === GATEWAY);
}

/** A process is the list of what it hosts, or a map with that list in `hosts`. */
function processOf(name: string, value: unknown): Process | undefined {
  const hosts: unknown = isMap(value) ? value.get('hosts', true) : value;
  if (!isSeq(hosts)) return undefined;
  return { name, hosts, names: hosts.items.map(nameOf) };
}

function nameOf(node: unknown): string {
  return isScalar(node) ? String(node.value) : String(node);
}

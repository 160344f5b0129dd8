import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type ParsedNode,
  visit,
  type YAMLSeq,
} from 'yaml';
import type { GeneratedFile } from './description.js';
import { headerOf } from './header.js';

/** Lists of words stand in one line up to this length. */
const LONGEST_LIST = 70;

/**
 * Parses a piece of YAML that stands in the code.
 * @throws YAMLParseError
 */
export function yamlDocument(text: string): Document.Parsed<ParsedNode> {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw error;
  return document;
}

/** A file of one or several documents, laid out as prettier does. */
export function yamlFile(path: string, ...documents: readonly Document[]): GeneratedFile {
  const texts = documents.map((document) => {
    visit(document, {
      Map: (_, map) => void (map.flow = map.items.length === 0),
      Seq: (_, list) => layOut(list),
    });
    return document.toString({ lineWidth: 0, flowCollectionPadding: false, singleQuote: true });
  });
  return { path, content: `${headerOf(path)}\n${texts.join('---\n')}` };
}

/** Puts a comment above an entry. */
export function comment(document: Document, path: readonly string[], text: string): void {
  const parent: unknown = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const pair = isMap(parent) && parent.items.find(({ key }) => nameOf(key) === path.at(-1));
  if (!pair) throw new Error(`there is no ${path.join('.')} to comment on`);
  const key = isScalar(pair.key) ? pair.key : document.createNode(pair.key);
  key.commentBefore = text;
  pair.key = key;
}

/** Puts empty lines between the entries of a map. */
export function spaceOut(document: Document, path: readonly string[]): void {
  const map: unknown = path.length > 0 ? document.getIn(path, true) : document.contents;
  if (!isMap(map)) return;
  for (const pair of map.items.slice(1)) {
    const key = isScalar(pair.key) ? pair.key : document.createNode(pair.key);
    key.spaceBefore = true;
    pair.key = key;
  }
}

function layOut(list: YAMLSeq): void {
  const isPlain = list.items.every((item) => !isMap(item) && !isSeq(item) && !hasComment(item));
  list.flow = isPlain && list.items.map(String).join(', ').length <= LONGEST_LIST;
}

function hasComment(item: unknown): boolean {
  return isScalar(item) && item.commentBefore != null;
}

function nameOf(key: unknown): unknown {
  return isScalar(key) ? key.value : key;
}

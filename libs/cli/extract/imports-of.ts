import { typescriptOf } from '../typescript-of.js';

/** What a source file imports, by `import`, `export … from`, `import()` or `require`. */
export type ImportsOf = (source: string) => string[];

/** @throws CommandError when the product has not installed the compiler, whose scanner this is */
export function importsIn(root: string): ImportsOf {
  const ts = typescriptOf(root, 'fissile extract');
  return (source) => ts.preProcessFile(source, true, true).importedFiles.map(({ fileName }) => fileName);
}

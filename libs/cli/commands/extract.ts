import { Command } from 'commander';
import { extractContext } from '../extract/extract-context.js';
import { findProject } from '../product-project.js';

/** `fissile extract <context> <folder>` */
export function extractCommand(): Command {
  return new Command('extract')
    .description('Copies a context out as a repository of its own, which still takes part over the wire')
    .argument('<context>', 'such as billing')
    .argument('<folder>', 'the new repository, such as ../billing; it must not exist, or be empty')
    .addHelpText('after', '\nExample:\n  fissile extract billing ../billing')
    .action((context: string, folder: string) => {
      const files = extractContext(findProject(), context, folder);
      console.log(
        `${folder} has ${files.length} files. Next: npm install and npm test there; its README says how`,
      );
      console.log(`it takes part in the product. ${context} is still here too, until you remove it.`);
    });
}

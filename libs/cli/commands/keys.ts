import { Command } from 'commander';
import { type KeysOptions, PUBLIC_KEYS } from '../keys/keys-options.js';

/** `fissile keys` */
export function keysCommand(): Command {
  return new Command('keys')
    .description('Makes a key for each process of a topology, by which it is itself to the others')
    .option('--topology <name>', 'a topology of config/topology.yaml', 'split')
    .option('--out <folder>', 'where the keys are written', 'internal-keys')
    .option('--process <name>', 'a new key for this process alone, beside the one that it has')
    .option('--drop <name>', 'forgets the keys of this process but its newest')
    .addHelpText(
      'after',
      `
Examples:
  fissile keys                     a private key for each process in internal-keys/, and the public ones of all in ${PUBLIC_KEYS}
  fissile keys --process billing   the next key of billing; hand out ${PUBLIC_KEYS} first, then the key
  fissile keys --drop billing      once billing signs with it

Each process gets its own key in INTERNAL_AUTH_KEY_FILE, and all get ${PUBLIC_KEYS} in INTERNAL_AUTH_KEYS_FILE. Keep private keys out of
the repository.`,
    )
    .action(async (options: KeysOptions) => {
      // It loads what calls between processes need, which takes longer than most other commands.
      const { makeKeys } = await import('../keys/make-keys.js');
      await makeKeys(options);
    });
}

import type { GeneratedFile } from '../description.js';
import { headerOf } from '../header.js';

/** How a server starts whose accounts are in a file with names in the places of passwords. */
export interface AccountStart {
  readonly path: string;
  /** What it does, in a sentence. */
  readonly does: string;
  /** A command that prints the file, which is in $folder, as the script is. */
  readonly print: string;
  /** What stands before and after a password. */
  readonly between: readonly [string, string];
  /** The file with passwords. */
  readonly filledIn: string;
  readonly start: string;
}

export function accountStartScript(how: AccountStart): GeneratedFile {
  const { path, does, print, filledIn, start } = how;
  const [before, after] = how.between.map((text) => text.replace('"', '\\"'));
  const content = `#!/bin/bash
${headerOf(path)}
# ${does}
set -euo pipefail
umask 077
folder=$(dirname "$0")
accounts=$(${print})
for name in $(compgen -e); do
  if [[ $name == *_BROKER_PASSWORD ]]; then
    accounts=\${accounts//"${before}\\$$name${after}"/"${before}\${!name}${after}"}
  fi
done
missing='${how.between[0]}\\$([A-Z0-9_]+)${how.between[1]}'
if [[ $accounts =~ $missing ]]; then
  echo "\${BASH_REMATCH[1]} (not set): expected the password of an account" >&2
  exit 1
fi
printf '%s' "$accounts" > ${filledIn}
${start}
`;
  return { path, content, executable: true };
}

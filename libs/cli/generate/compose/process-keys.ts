import type { DeploymentDescription, GeneratedFile } from '../description.js';
import { headerOf } from '../header.js';
import { brokerAccounts } from './broker-accounts.js';
import { ENV_EXAMPLE, MAKE_ENV } from './variables.js';

/** The setting with the public keys of all processes; .env has it too. */
export const PUBLIC_KEYS = 'INTERNAL_AUTH_KEYS';

/** The variable of .env with the private key of a process, by the name of its service. */
export function processKeyName(service: string): string {
  return `${service.toUpperCase().replaceAll('-', '_')}_INTERNAL_KEY`;
}

/** Makes .env, or adds to it what it does not have, with nothing but a shell and OpenSSL. */
export function makeEnvScript(description: DeploymentDescription): GeneratedFile {
  const keys = brokerAccounts(description).map(({ name, process }) => `${processKeyName(name)}=${process}`);
  const content = `#!/bin/sh
${headerOf(MAKE_ENV)}
# Makes .env of ${ENV_EXAMPLE}: a random value for each that is empty, and a key for each process. What .env has
# stays, so that this also adds what a new version asks for. Another file may be named.
set -eu
umask 077
env="\${1:-.env}"
example="$(dirname "$0")/compose.env.example"
touch "$env"

value_of() { sed -n "s/^$1=//p" "$env"; }

made_for() {
  case "$1" in
    *_INTERNAL_KEY) openssl genpkey -algorithm ed25519 -outform DER | openssl base64 -A ;;
    # What is under way was signed by the secret of an earlier version.
    BROKER_SECRET) value_of INTERNAL_AUTH_SECRET | grep . || openssl rand -hex 24 ;;
    *) openssl rand -hex 24 ;;
  esac
}

add() { if ! grep -q "^\${1%%=*}=" "$env"; then echo "$1" >> "$env"; fi; }

# Its last line may lack an end.
[ -z "$(tail -c 1 "$env")" ] || echo >> "$env"
new="$([ -s "$env" ] || echo yes)"
while IFS= read -r line; do
  name="\${line%%=*}"
  case "$line" in
    '#'* | '') [ -z "$new" ] || echo "$line" >> "$env" ;;
    ${PUBLIC_KEYS}=) ;;
    *=) add "$line$(made_for "$name")" ;;
    *) add "$line" ;;
  esac
done < "$example"
${keys.length > 0 ? publicKeys(keys) : ''}`;
  return { path: MAKE_ENV, content, executable: true };
}

const publicKeys = (keys: readonly string[]): string => `
# The public halves follow from the keys. The last 32 bytes of one are what its format is about.
public_half() {
  value_of "$1" | openssl base64 -d -A | openssl pkey -inform DER -pubout -outform DER | tail -c 32 |
    openssl base64 -A | tr '+/' '-_' | tr -d '='
}
keys=''
for key in ${keys.join(' \\\n  ')}; do
  x="$(public_half "\${key%%=*}")"
  keys="$keys\${keys:+,}$(printf '{"kty":"OKP","crv":"Ed25519","x":"%s","process":"%s"}' "$x" "\${key#*=}")"
done
grep -v '^${PUBLIC_KEYS}=' "$env" > "$env.new"
printf "%s='%s'\\n" ${PUBLIC_KEYS} "{\\"keys\\":[$keys]}" >> "$env.new"
mv "$env.new" "$env"
`;

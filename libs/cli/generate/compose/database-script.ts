import type { DeploymentDescription, GeneratedFile } from '../description.js';
import { headerOf } from '../header.js';

/** What PostgreSQL runs at its first start. */
export function databaseScript({ contexts }: DeploymentDescription): GeneratedFile {
  const path = 'deploy/postgres/create-databases.sh';
  const content = `#!/bin/sh
${headerOf(path)}
# Runs once, on an empty server: a database for each context, and a user that can enter that one alone.
set -eu

for context in ${contexts.join(' ')}; do
  variable="$(echo "$context" | tr '[:lower:]' '[:upper:]')_DATABASE_PASSWORD"
  password="$(printenv "$variable")"
  psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \\
    --set name="$context" --set password="$password" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
done
`;
  return { path, content, executable: true };
}

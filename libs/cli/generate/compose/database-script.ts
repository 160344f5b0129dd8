import type { DeploymentDescription, GeneratedFile } from '../description.js';
import { headerOf } from '../header.js';

/** The user by which metrics are read. */
export const EXPORTER = 'exporter';

const MONITOR = `
# Reads what PostgreSQL says about itself, and no table of a context.
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \\
  --set password="$(printenv EXPORTER_DATABASE_PASSWORD)" <<'SQL'
CREATE ROLE ${EXPORTER} LOGIN PASSWORD :'password' IN ROLE pg_monitor;
SQL
`;

/** What PostgreSQL runs at its first start. */
export function databaseScript({ contexts, compose }: DeploymentDescription): GeneratedFile {
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
${compose?.services.includes('postgres-exporter') ? MONITOR : ''}`;
  return { path, content, executable: true };
}

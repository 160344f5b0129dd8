export { Database, sqlStateOf, violatesUnique } from './database.js';
export { DatabaseModule, type DatabaseOptions } from './database.module.js';
export { DatabaseServer, DatabaseStartError } from './database-server.js';
export { DatabaseSettings } from './database.settings.js';
export { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';
export { EmbeddedPostgresError } from './embedded-postgres-error.js';
export { migrate } from './migrate.js';
export { Signals } from './signals.js';
export { Transaction } from './transaction.js';

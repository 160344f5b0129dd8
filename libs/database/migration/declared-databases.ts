import type { Type } from '@nestjs/common';
import type { EntitySchema, MigrationInterface } from 'typeorm';
import type { ContextName } from '@fissile/kit/contract';

export interface DatabaseOptions {
  readonly entities: readonly (Type | EntitySchema)[];
  /** In any order: they run by the time stamp that ends their class names. */
  readonly migrations: readonly Type<MigrationInterface>[];
}

/** What the modules that are loaded have said of their databases, so that these can be migrated without starting any. */
const DECLARED = new Map<ContextName, DatabaseOptions>();

export function declareDatabase(context: ContextName, options: DatabaseOptions): void {
  DECLARED.set(context, options);
}

/** undefined when the module of the context is not loaded, or has no database. */
export function declaredDatabase(context: ContextName): DatabaseOptions | undefined {
  return DECLARED.get(context);
}

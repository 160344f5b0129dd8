import type { Type } from '@nestjs/common';
import type { EntitySchema, MigrationInterface } from 'typeorm';
import type { ContextName } from '@fissile/kit/contract';

export interface DatabaseOptions {
  readonly entities: readonly (Type | EntitySchema)[];
  /** In any order: they run by the timestamp at the end of their class names. */
  readonly migrations: readonly Type<MigrationInterface>[];
}

/** The databases that the loaded modules have declared, so that they can be migrated without starting a module. */
const DECLARED = new Map<ContextName, DatabaseOptions>();

export function declareDatabase(context: ContextName, options: DatabaseOptions): void {
  DECLARED.set(context, options);
}

/** Undefined when the module of the context is not loaded, or has no database. */
export function declaredDatabase(context: ContextName): DatabaseOptions | undefined {
  return DECLARED.get(context);
}

import { type DynamicModule, Module } from '@nestjs/common';
import { AuditCleanUp } from './audit-clean-up.js';
import { AuditLog } from './audit-log.js';
import { Refusals } from './refusals.js';

/** Gives the context that imports it its audit log. */
@Module({})
export class AuditModule {
  static forContext(database: DynamicModule): DynamicModule {
    const parts = [AuditLog, Refusals];
    return { module: AuditModule, imports: [database], providers: [...parts, AuditCleanUp], exports: parts };
  }
}

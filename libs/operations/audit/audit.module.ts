import { type DynamicModule, Module } from '@nestjs/common';
import { AuditLog } from './audit-log.js';

/** Gives the context that imports it its audit log. */
@Module({})
export class AuditModule {
  static forContext(database: DynamicModule): DynamicModule {
    return { module: AuditModule, imports: [database], providers: [AuditLog], exports: [AuditLog] };
  }
}

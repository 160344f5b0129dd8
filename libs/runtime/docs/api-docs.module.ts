import { Module } from '@nestjs/common';
import { ApiDocsAssembly } from './api-docs-assembly.js';

/** Assembles the API documentation of all processes. */
@Module({ providers: [ApiDocsAssembly] })
export class ApiDocsModule {}

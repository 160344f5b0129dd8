import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AccessPolicyCheck } from './access-policy-check.js';

/** Refuses the start of a process with a route that does not say who may call it. */
@Module({ imports: [DiscoveryModule], providers: [AccessPolicyCheck] })
export class AccessPolicyModule {}

import { Module } from '@nestjs/common';
import { fileURLToPath } from 'node:url';
import { GatewayKitModule, PageFiles } from '@fissile/kit/gateway';
import { toy } from './toy.js';

/** It has no pages, so there is nothing to serve in this folder. */
const NO_PAGES = new PageFiles(fileURLToPath(new URL('.', import.meta.url)), []);

/** The edge of the toy. */
@Module({ imports: [GatewayKitModule.for({ product: toy, pages: NO_PAGES })] })
export class GatewayModule {
  static readonly context = 'gateway';
}

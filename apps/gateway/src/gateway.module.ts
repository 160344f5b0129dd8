import { Module } from '@nestjs/common';
import { fileURLToPath } from 'node:url';
import { isProduction } from '@fissile/kit/config';
import { GatewayKitModule, PageFiles } from '@fissile/kit/gateway';
import { shop } from '#contracts';
import { CatalogueFallback } from './catalogue-fallback.js';

/** Where `npm run build` writes the storefront, next to the compiled apps. */
const PAGES = fileURLToPath(new URL('../../../packages/storefront/', import.meta.url));

/** The demo kills processes and orders what nobody wants. */
const PAGE_NAMES = ['shop', 'account', ...(isProduction() ? [] : ['demo'])];

/** The edge of the shop. */
@Module({
  imports: [
    GatewayKitModule.for({
      product: shop,
      pages: new PageFiles(PAGES, PAGE_NAMES),
      fallback: CatalogueFallback,
    }),
  ],
})
export class GatewayModule {
  static readonly context = 'gateway';
}

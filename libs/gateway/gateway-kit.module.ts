import { type DynamicModule, Module, type Type } from '@nestjs/common';
import type { Product } from '@fissile/kit/contract';
import { Activity } from './activity/activity.js';
import { ActivityController } from './api/activity.controller.js';
import { auditController } from './api/audit.controller.js';
import { deadLettersController } from './api/dead-letters.controller.js';
import { sagasController } from './api/sagas.controller.js';
import { SettingsController } from './api/settings.controller.js';
import { TopologyController } from './api/topology.controller.js';
import { OperatorView } from './operator-view.js';
import { PageFiles, PageRoutes } from './pages/page-routes.js';
import { SignInOptions } from './pages/sign-in.js';
import { ContextProxy } from './proxy/context-proxy.js';
import { proxyMetricProviders } from './proxy/proxy-metrics.js';
import { ProxyRoutes } from './proxy/proxy-routes.js';
import { NoFallback, ResponseFallback } from './proxy/response-fallback.js';
import { ThrottlingModule } from './throttling/throttling.module.js';

export interface GatewayOptions {
  readonly product: Product;
  /** The built HTML pages, including the console. Without it, the API documentation is the only page. */
  readonly pages?: PageFiles;
  /** Fallback responses for contexts that are unavailable, with the providers to inject. */
  readonly fallback?: Type<ResponseFallback>;
}

/**
 * The edge of a product: limits clients, forwards requests to remote contexts, gives operators one view of all
 * contexts, and serves the pages. The module of a product's gateway imports it.
 */
@Module({})
export class GatewayKitModule {
  static for({ product, pages, fallback = NoFallback }: GatewayOptions): DynamicModule {
    return {
      module: GatewayKitModule,
      imports: [ThrottlingModule],
      controllers: [
        sagasController(product),
        deadLettersController(product),
        auditController(product),
        TopologyController,
        SettingsController,
        ActivityController,
      ],
      providers: [
        OperatorView,
        Activity,
        ...(pages ? [{ provide: PageFiles, useValue: pages }, SignInOptions, PageRoutes] : []),
        { provide: ResponseFallback, useClass: fallback },
        ContextProxy,
        ...proxyMetricProviders,
        ProxyRoutes,
      ],
    };
  }
}

import { Module } from '@nestjs/common';
import { ThrottlingModule } from '#libs/throttling';
import { Activity } from './activity/activity.js';
import { ActivityController } from './api/activity.controller.js';
import { AuditController } from './api/audit.controller.js';
import { DeadLettersController } from './api/dead-letters.controller.js';
import { SagasController } from './api/sagas.controller.js';
import { SettingsController } from './api/settings.controller.js';
import { TopologyController } from './api/topology.controller.js';
import { OperatorView } from './operator-view.js';
import { PageRoutes } from './pages/page-routes.js';
import { CatalogueFallback } from './proxy/catalogue-fallback.js';
import { ContextProxy } from './proxy/context-proxy.js';
import { proxyMetricProviders } from './proxy/proxy-metrics.js';
import { ProxyRoutes } from './proxy/proxy-routes.js';

/** The edge: limits clients, passes requests on to contexts elsewhere, gives operators one view of all contexts, and serves the pages. */
@Module({
  imports: [ThrottlingModule],
  controllers: [
    SagasController,
    DeadLettersController,
    AuditController,
    TopologyController,
    SettingsController,
    ActivityController,
  ],
  providers: [
    OperatorView,
    Activity,
    PageRoutes,
    CatalogueFallback,
    ContextProxy,
    ...proxyMetricProviders,
    ProxyRoutes,
  ],
})
export class GatewayModule {
  static readonly context = 'gateway';
}

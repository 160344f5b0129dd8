import { type DynamicModule, Module, type Type } from '@nestjs/common';
import type { Product } from '@fissile/kit/contract';
import { Activity } from './activity/activity.js';
import { AdviceController } from './advice/advice.controller.js';
import { AdviceRuns } from './advice/advice-runs.js';
import { ActivityController } from './api/activity.controller.js';
import { auditController } from './api/audit.controller.js';
import { deadLettersBulkController, sagasBulkController } from './api/bulk.controller.js';
import { deadLettersController } from './api/dead-letters.controller.js';
import { FindController } from './api/find.controller.js';
import { sagasController } from './api/sagas.controller.js';
import { HistoryController } from './api/history.controller.js';
import { SchedulesController } from './api/schedules.controller.js';
import { SettingsController } from './api/settings.controller.js';
import { TopologyController } from './api/topology.controller.js';
import { BulkActions } from './bulk-actions.js';
import { OperatorView } from './operator-view.js';
import { People } from './people.js';
import { HistoryKeeper } from './history/history-keeper.js';
import { SignInOptions } from './pages/sign-in.js';
import { withConsole } from './pages/console-files.js';
import { ALL_PAGES, type PageFiles, PageRoutes } from './pages/page-routes.js';
import { ContextProxy } from './proxy/context-proxy.js';
import { proxyMetricProviders } from './proxy/proxy-metrics.js';
import { ProxyRoutes } from './proxy/proxy-routes.js';
import { NoFallback, ResponseFallback } from './proxy/response-fallback.js';
import { AskProcesses } from './telemetry/ask-processes.js';
import { LogView } from './telemetry/log-view.js';
import { LogsController } from './telemetry/logs.controller.js';
import { TraceView } from './telemetry/trace-view.js';
import { TracesController } from './telemetry/traces.controller.js';
import { ThrottlingModule } from './throttling/throttling.module.js';

export interface GatewayOptions {
  readonly product: Product;
  /** The product's own built pages, beside the console; one that is called `console` takes its place. */
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
        sagasBulkController(product),
        deadLettersController(product),
        deadLettersBulkController(product),
        auditController(product),
        TopologyController,
        FindController,
        SettingsController,
        SchedulesController,
        ActivityController,
        HistoryController,
        AdviceController,
        TracesController,
        LogsController,
      ],
      providers: [
        OperatorView,
        BulkActions,
        People,
        Activity,
        HistoryKeeper,
        AdviceRuns,
        AskProcesses,
        TraceView,
        LogView,
        SignInOptions,
        PageRoutes,
        { provide: ALL_PAGES, useValue: withConsole(pages) },
        { provide: ResponseFallback, useClass: fallback },
        ContextProxy,
        ...proxyMetricProviders,
        ProxyRoutes,
      ],
    };
  }
}

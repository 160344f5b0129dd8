import {
  type DynamicModule,
  type FactoryProvider,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  type Provider,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { setDefaults, SettingsModule, settingsOf } from '@fissile/kit/config';
import type { ContextName, Product } from '@fissile/kit/contract';
import {
  DatabaseServer,
  DatabaseSettings,
  databaseUrlsOf,
  type DataSourceUse,
  declaredDatabase,
  declareDatabaseUrls,
} from '@fissile/kit/database';
import { HealthModule } from '@fissile/kit/health';
import { AccessPolicyModule, ContextErrorFilter } from '@fissile/kit/http';
import { MetricsModule, TracingModule } from '@fissile/kit/observability';
import { CallTransport, BrokerSecret, InternalTokens, Placement } from '@fissile/kit/rpc';
import { type CallDependencies, callDependencies } from '../call-dependencies.js';
import { ContractsModule } from '../contracts.module.js';
import type { HostedModule } from '../hosted-module.js';
import { HostingModule } from '../hosting.module.js';
import { ApplicationLifetime } from './application-lifetime.js';
import type {
  ApplicationAsyncOptions,
  ApplicationOptions,
  ApplicationParts,
  ApplicationSettings,
} from './application-options.js';
import { ApplicationStart, hostedModules, startOf } from './application-start.js';
import { CallContextMiddleware } from './call-context.middleware.js';
import { ContextAccessGuard } from './context-access.guard.js';
import { ContextDataSources, contextParts } from './context-parts.js';

const GIVEN = 'settings given to FissileModule';
const CALLS = 'what calls between processes need';

@Module({})
class ApplicationStartModule {}

/**
 * Hosts contexts of a product in a Nest application that exists: its HTTP server, authentication, logger, metrics and
 * shutdown stay its own. `serve()` is for a program that is a part of a product and nothing else.
 */
@Module({})
export class FissileModule implements NestModule {
  /** For the root module of the application. Settings come from the environment, and where it has none from `settings`. */
  static forRoot(product: Product, options: ApplicationOptions = {}): DynamicModule {
    return build(product, options, {
      hosted: hosted(product, options),
      given: { provide: GIVEN, useFactory: () => ({ settings: options.settings ?? {} }) },
    });
  }

  /** Like `forRoot`, with settings that are made by injection. HOSTS and TOPOLOGY come from the environment alone. */
  static forRootAsync(product: Product, options: ApplicationAsyncOptions): DynamicModule {
    const { imports = [], inject = [], useFactory } = options;
    const given = { provide: GIVEN, inject, useFactory: useFactory as FactoryProvider['useFactory'] };
    return build(product, options, { hosted: hosted(product, options), given, imports });
  }

  /**
   * Database, outbox, inbox, audit log and sagas of a context on a DataSource of the application, for each module that
   * uses them. The kit's tables are migrated at the start.
   * @param use names the injection token of the DataSource
   */
  static forContext(context: ContextName, use: Pick<DataSourceUse, 'dataSource'>): DynamicModule {
    return contextParts(context, use);
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(CallContextMiddleware).forRoutes('{*path}');
  }
}

interface Built {
  readonly hosted: readonly HostedModule[];
  readonly given: FactoryProvider<ApplicationSettings | Promise<ApplicationSettings>>;
  readonly imports?: DynamicModule['imports'];
}

/** @throws Error for a context that the product does not have */
function hosted(product: Product, options: ApplicationParts & ApplicationSettings): HostedModule[] {
  const { application, modules = [] } = options;
  for (const { context } of modules) product.get(context);
  if (application !== undefined) product.get(application);
  setDefaults(product.settings);
  declareDatabaseUrls(product.contextNames);
  return hostedModules(product, options);
}

function build(product: Product, parts: ApplicationParts, { hosted, given, imports }: Built): DynamicModule {
  const start: FactoryProvider<ApplicationStart> = {
    provide: ApplicationStart,
    inject: [GIVEN],
    useFactory: (settings: ApplicationSettings) => startOf(product, parts, settings, hosted),
  };
  return {
    module: FissileModule,
    imports: [
      {
        module: ApplicationStartModule,
        global: true,
        imports: imports ?? [],
        providers: [given, start, ContextDataSources],
        exports: [ApplicationStart, ContextDataSources],
      },
      SettingsModule.forApplication({
        inject: [ApplicationStart],
        useFactory: ({ loaded }: ApplicationStart) => loaded,
      }),
      MetricsModule.forApplication(),
      TracingModule.forProcess(false),
      HealthModule.forApplication(),
      HostingModule.forProcess(product, dependencies()),
      AccessPolicyModule.forModules(hosted),
      ...hosted.map((module) => ContractsModule.hosted(product, module)),
    ],
    providers: [
      ApplicationLifetime,
      { provide: APP_GUARD, useClass: ContextAccessGuard },
      { provide: APP_FILTER, useClass: ContextErrorFilter },
    ],
  };
}

function dependencies(): Provider[] {
  return [
    {
      provide: Placement,
      inject: [ApplicationStart],
      useFactory: ({ placement }: ApplicationStart) => placement,
    },
    {
      provide: CALLS,
      inject: [ApplicationStart],
      useFactory: ({ placement, loaded }: ApplicationStart) => callDependencies(placement, loaded),
    },
    { provide: CallTransport, inject: [CALLS], useFactory: ({ transport }: CallDependencies) => transport },
    { provide: InternalTokens, inject: [CALLS], useFactory: ({ tokens }: CallDependencies) => tokens },
    { provide: BrokerSecret, inject: [CALLS], useFactory: ({ secret }: CallDependencies) => secret },
    { provide: DatabaseServer, inject: [ApplicationStart], useFactory: openDatabases },
  ];
}

/** For contexts with databases of their own alone; the others are on the application's DataSource. */
function openDatabases({ loaded, placement }: ApplicationStart): Promise<DatabaseServer> {
  const contexts = placement.localContexts.filter((context) => declaredDatabase(context));
  return DatabaseServer.open(
    settingsOf(DatabaseSettings, loaded),
    databaseUrlsOf(loaded, contexts),
    contexts,
  );
}

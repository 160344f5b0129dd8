import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { AuthModule } from '@fissile/kit/auth';
import { Product } from '@fissile/kit/contract';
import { DatabaseModule } from '@fissile/kit/database';
import { MessagingModule } from '@fissile/kit/messaging';
import { DiscoveryModule, ResilienceModule } from '@fissile/kit/rpc';
import { SagaModule } from '@fissile/kit/saga';
import { ContractsModule } from './contracts.module.js';

@Module({})
class DependenciesModule {
  static with(providers: Provider[]): DynamicModule {
    return { module: DependenciesModule, global: true, providers, exports: providers };
  }
}

/** What every process needs that hosts contexts of a product, whatever serves its HTTP, its logs and its health. */
@Module({})
export class HostingModule {
  /** @param dependencies providers of DatabaseServer, Placement, CallTransport and InternalTokens */
  static forProcess(product: Product, dependencies: readonly Provider[]): DynamicModule {
    return {
      module: HostingModule,
      imports: [
        DependenciesModule.with([{ provide: Product, useValue: product }, ...dependencies]),
        ResilienceModule.forProcess(),
        DiscoveryModule.forProcess(),
        DatabaseModule.forProcess(),
        ContractsModule.forProcess(product),
        MessagingModule.forProcess(),
        SagaModule.forProcess(),
        AuthModule.forProcess(product.tokenIssuer),
      ],
    };
  }
}

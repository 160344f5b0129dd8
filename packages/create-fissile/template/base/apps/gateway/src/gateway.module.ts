import { Module } from '@nestjs/common';
import { GatewayKitModule } from '@fissile/kit/gateway';
import { product } from '#contracts';

/** The edge: limits clients, verifies tokens and forwards requests to the contexts. */
@Module({ imports: [GatewayKitModule.for({ product })] })
export class GatewayModule {
  static readonly context = 'gateway';
}

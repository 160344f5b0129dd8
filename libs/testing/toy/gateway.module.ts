import { Module } from '@nestjs/common';
import { GatewayKitModule } from '@fissile/kit/gateway';
import { toy } from './toy.js';

/** The edge of the toy. */
@Module({ imports: [GatewayKitModule.for({ product: toy })] })
export class GatewayModule {
  static readonly context = 'gateway';
}

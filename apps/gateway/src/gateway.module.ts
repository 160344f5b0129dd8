import { Module } from '@nestjs/common';
import { ThrottlingModule } from '#libs/throttling';
import { DeadLettersController } from './api/dead-letters.controller.js';
import { SagasController } from './api/sagas.controller.js';
import { TopologyController } from './api/topology.controller.js';
import { OperatorView } from './operator-view.js';

/** The edge: limits clients, shows the API's documentation, and gives operators one view of all contexts. */
@Module({
  imports: [ThrottlingModule],
  controllers: [SagasController, DeadLettersController, TopologyController],
  providers: [OperatorView],
})
export class GatewayModule {
  static readonly context = 'gateway';
}

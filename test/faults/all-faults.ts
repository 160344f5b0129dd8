import type { Fault } from './fault.js';
import { brokerRestart, doubledEvents, kafkaFrozen } from './kinds/broker.js';
import { clockFarOff, clockOff } from './kinds/clocks.js';
import { lostCommitAnswers, slowAndBroken } from './kinds/connections.js';
import { crashPoints } from './kinds/crash-points.js';
import { moves } from './kinds/moves.js';
import { callQueueDeleted, natsDeleted, redisEmptied } from './kinds/deleted.js';
import { handlerFails } from './kinds/handlers.js';
import { contextHangs } from './kinds/operators.js';
import { connectionsCut, diskFull, postgresRestart } from './kinds/postgres.js';
import { providerFaults } from './kinds/provider.js';
import { frozen, keptDown, killed, stopped } from './kinds/processes.js';
import { connectionsSilent, poolBlocked, readOnly, tableLocked } from './kinds/waits.js';

export function allFaults(): Fault[] {
  return [
    crashPoints(),
    killed,
    stopped,
    frozen,
    keptDown,
    postgresRestart(),
    connectionsCut,
    lostCommitAnswers(),
    slowAndBroken(),
    diskFull,
    providerFaults(),
    brokerRestart('rabbitmq'),
    brokerRestart('nats'),
    kafkaFrozen(),
    doubledEvents(),
    connectionsSilent(),
    readOnly,
    tableLocked,
    poolBlocked,
    callQueueDeleted(),
    natsDeleted(),
    redisEmptied(),
    handlerFails,
    contextHangs,
    clockOff(),
    clockFarOff(),
    ...moves,
  ];
}

import { z } from 'zod';
import { flag, list, settings, SettingsGroup, wholeNumber } from '@fissile/kit/config';

@SettingsGroup()
export class TopologySettings extends settings({
  TOPOLOGY: {
    schema: z.string().min(1).optional(),
    description:
      'Which partition of config/topology.yaml runs; monolith hosts everything in one process and is the default. ' +
      'An app that is started by itself belongs to split unless this says otherwise.',
  },
  HOSTS: {
    schema: list().optional(),
    description: 'What this process hosts, such as billing,invoices: one of the processes of the topology.',
  },
  STANDBY: {
    schema: list().default([]),
    description:
      'What may move to the process that hosts the gateway while it runs, such as billing,invoices, or `all`: it loads the code of ' +
      'these beside HOSTS. A process that hosts everything at its start can take back everything.',
  },
  PLACEMENT: {
    schema: z.string().optional(),
    description:
      'Which process hosts what, as the supervisor tells the processes that it starts; it comes before TOPOLOGY and PROCESS_ADDRESSES.',
  },
  CALL_IDEMPOTENT_TWICE: {
    schema: flag().default(false),
    description: 'For tests: does every idempotent call twice, which shows those that are so in name only.',
  },
  PROCESS_ADDRESSES: {
    schema: list().default([]),
    description:
      'Where processes are when they are not on this machine: name=host:httpPort:rpcPort, separated by commas; ' +
      'a name that stands there several times has several instances.',
  },
  INSTANCE: {
    schema: wholeNumber(1, 1_000).default(1),
    description: 'Where the settings name several instances of this process: which of them it is, from 1.',
  },
}) {}

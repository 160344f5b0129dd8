import { Module, type OnModuleInit } from '@nestjs/common';
import { register } from 'prom-client';
import { setDefaults, SettingsError, SettingsSources } from '@fissile/kit/config';
import { GATEWAY, MONOLITH } from '@fissile/kit/contract';
import { declareDatabaseUrls } from '@fissile/kit/database';
import { GatewayKitModule } from '@fissile/kit/gateway';
import { ContractRegistry, Placement } from '@fissile/kit/rpc';
import type { RunningProcess } from '@fissile/kit/runtime';
import type { ContextTestOptions, ContextTestParts } from './context-test-parts.js';
import { completeFakes, type CompletedFake } from './fake.js';

const ADDRESS = { address: '127.0.0.1', httpPort: 0, rpcPort: 0 };

/**
 * Starts the context behind an edge of its own, in a process that hosts the whole product: calls to the other contexts are
 * local ones, which the fakes answer.
 */
export async function startContext(
  { product, module, fakes = [], settings = {} }: ContextTestOptions,
  parts: ContextTestParts,
): Promise<RunningProcess> {
  const context = product.get(module.context).name;
  const completed = completeFakes(product, context, fakes, (line) => parts.unfaked.push(line));
  setDefaults(product.settings);
  declareDatabaseUrls(product.contextNames);
  const hosts = product.components;
  const { loaded, errors } = SettingsSources.readLocal({
    cwd: parts.dataDir,
    environment: { ...settingsOf(parts), ...settings },
  }).readFor({ process: MONOLITH, hosts, knowsAll: true });
  if (errors.length > 0) throw new SettingsError(errors);
  const self = { name: MONOLITH, hosts, ...ADDRESS };
  const placement = new Placement(product, MONOLITH, [{ name: MONOLITH, hosts, endpoints: [ADDRESS] }], self);
  // Metrics are registered once for each process, and this may be the second start in it.
  register.clear();
  // Loaded here, since most tests need no server.
  const { startProcess } = await import('@fissile/kit/runtime');
  return startProcess([edgeWith(product, completed), module], placement, loaded);
}

function edgeWith(product: ContextTestOptions['product'], fakes: readonly CompletedFake[]) {
  @Module({ imports: [GatewayKitModule.for({ product })] })
  class FakedContexts implements OnModuleInit {
    static readonly context = GATEWAY;

    constructor(private readonly registry: ContractRegistry) {}

    onModuleInit(): void {
      for (const { contract, context, implementation } of fakes) {
        this.registry.add(contract, context, implementation);
      }
    }
  }
  return FakedContexts;
}

function settingsOf({ prefix, dataDir, server, issuer }: ContextTestParts): Record<string, string> {
  return {
    NODE_ENV: 'test',
    TOPOLOGY: MONOLITH,
    EVENT_BUS: 'local',
    DATABASE_URL: server.url,
    DATABASE_NAME_PREFIX: prefix,
    DATABASE_POOL_SIZE: '5',
    DATA_DIR: dataDir,
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'error',
    LOG_FORMAT: 'json',
    THROTTLE_ENABLED: 'false',
    ...issuer.env,
  };
}

import { randomUUID } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { settingsOf, SettingsSources } from '@fissile/kit/config';
import { GATEWAY, type Product } from '@fissile/kit/contract';
import { DatabaseServer, DatabaseSettings } from '@fissile/kit/database';
import { NoTopologyControl } from '@fissile/kit/operations';
import { HttpSettings } from '@fissile/kit/http';
import { type HostedModule, readPlan } from '@fissile/kit/nest';
import { startTelemetry } from '@fissile/kit/observability';
import { CallTransport, BrokerSecret, InternalTokens, Placement } from '@fissile/kit/rpc';
import { describeApi } from '../docs/api-docs.js';
import { ProcessModule } from '../process.module.js';
import { createAdapter } from '../server/fastify-adapter.js';

/**
 * Prints the OpenAPI document of all that this program can host. Nothing is started: Nest only collects the classes, and
 * the document is the same whatever the settings are, since none is read.
 */
export async function showApi(product: Product, modules: readonly HostedModule[]): Promise<void> {
  const TOPOLOGY = modules.length === product.components.length ? 'monolith' : 'split';
  const sources = SettingsSources.readLocal({ environment: { TOPOLOGY }, readsYaml: false });
  const { loaded, plan } = readPlan(product, modules, sources, () => []);
  if (!plan.self) throw new Error('this program hosts several processes');
  const placement = new Placement(product, plan.topology, plan.processes, plan.self);
  const isEdge = placement.isLocal(GATEWAY);
  const app = await NestFactory.create<NestFastifyApplication>(
    ProcessModule.hosting(modules, {
      settings: loaded,
      placement,
      telemetry: await startTelemetry(loaded, placement.self.name),
      server: await DatabaseServer.open(settingsOf(DatabaseSettings, loaded), new Map(), []),
      control: new NoTopologyControl(),
      transport: new CallTransport(undefined),
      tokens: new InternalTokens(randomUUID(), placement.self.name),
      secret: new BrokerSecret(randomUUID),
    }),
    createAdapter(settingsOf(HttpSettings, loaded), { isEdge, trustsTraces: !isEdge, showsRequests: false }),
    { preview: true, logger: ['error'], abortOnError: false, bodyParser: false },
  );
  console.log(JSON.stringify(describeApi(app, product), null, 2));
}

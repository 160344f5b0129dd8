import type { Type } from '@nestjs/common';
import type { Server } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type LoadedSettings, settingsOf } from '@fissile/kit/config';
import { DatabaseServer, DatabaseSettings, databaseUrlsOf } from '@fissile/kit/database';
import { SIGN_IN_LINK_PATH, SignInLinks } from '@fissile/kit/auth';
import { callDependencies, type HostedModule } from '@fissile/kit/nest';
import { ContractServer, type Placement, Registration, TransportSettings } from '@fissile/kit/rpc';
import { NoTopologyControl, type TopologyControl } from '@fissile/kit/operations';
import { HealthRegistry } from '@fissile/kit/health';
import { HttpSettings } from '@fissile/kit/http';
import {
  ProcessLogger,
  showsRequests,
  startTelemetry,
  type Telemetry,
  TelemetrySettings,
  TracingSettings,
} from '@fissile/kit/observability';
import { GATEWAY } from '@fissile/kit/contract';
import { announcePages } from './announced-pages.js';
import { PlacementMember } from './placement/placement-member.js';
import { serveApiDocs } from './docs/api-docs.js';
import { listenForOperators } from './server/admin-port.js';
import { configureServer } from './server/configure-server.js';
import { drainConnections } from './server/drain-connections.js';
import { createAdapter } from './server/fastify-adapter.js';
import { releaseMemory } from '@fissile/kit/host';
import { type ProcessDependencies, ProcessModule } from './process.module.js';

export interface RunningProcess {
  readonly url: string;
  /** What a person who started it wants to know. */
  readonly banner: string;
  /** What Nest has made of a class. */
  get<T>(type: Type<T> | (abstract new (...parameters: never[]) => T)): T;
  /** Of a link that signs its first admin in; undefined where that is not for this process to make, or not wanted. */
  signInToken(): Promise<string | undefined>;
  /** Follows a change of the placement. */
  readonly member: PlacementMember;
  /** Takes no new work, ends what is in flight, then closes everything. */
  stop(): Promise<void>;
}

/** Starts the process that the placement says this is. */
export async function startProcess(
  modules: readonly HostedModule[],
  placement: Placement,
  loaded: LoadedSettings,
  control: TopologyControl = new NoTopologyControl(),
): Promise<RunningProcess> {
  process.title = `fissile-${placement.self.name}`;
  const contexts = modules.map(({ context }) => context).filter((context) => context !== GATEWAY);
  const server = await DatabaseServer.open(
    settingsOf(DatabaseSettings, loaded),
    databaseUrlsOf(loaded, contexts),
    contexts,
  );
  let telemetry: Telemetry | undefined;
  let app: NestFastifyApplication | undefined;
  try {
    telemetry = await startTelemetry(loaded, placement.self.name);
    const calling = await callDependencies(placement, loaded);
    const dependencies = { settings: loaded, telemetry, server, placement, control, ...calling };
    app = await createApp(modules, dependencies);
    const member = new PlacementMember({
      get: (type) => (app as NestFastifyApplication).get(type, { strict: false }),
    });
    // Of many processes each is small; before it serves, so that no request waits for it.
    if (placement.isDistributed) releaseMemory();
    await app.get(ContractServer).start();
    const { HOST: host, ADMIN_PORT: port } = settingsOf(HttpSettings, loaded);
    await app.listen(placement.self.httpPort, host);
    await member.begin();
    const hasDoor = port !== undefined && placement.isLocal(GATEWAY);
    const door = hasDoor ? await listenForOperators(app.getHttpServer(), { host, port }) : undefined;
    app.get(HealthRegistry).announceStart();
    await app.get(Registration).register();
    return await running(app, dependencies, { member, door });
  } catch (error) {
    // What fails in its wake must not hide why the start failed.
    await app?.close().catch(() => undefined);
    await server.close().catch(() => undefined);
    await telemetry?.stop();
    throw error;
  }
}

async function running(
  app: NestFastifyApplication,
  dependencies: ProcessDependencies,
  { member, door }: { member: PlacementMember; door: Server | undefined },
): Promise<RunningProcess> {
  const url = (await app.getUrl()).replace('[::1]', 'localhost');
  return {
    url,
    banner: banner(url, dependencies),
    member,
    get: (type) => app.get(type as Type, { strict: false }),
    signInToken: () => signInToken(app, dependencies),
    stop: () => {
      door?.close();
      return stopProcess(app, dependencies);
    },
  };
}

async function signInToken(
  app: NestFastifyApplication,
  { placement }: ProcessDependencies,
): Promise<string | undefined> {
  const issuer = placement.ownerOf(SIGN_IN_LINK_PATH);
  if (issuer === undefined || !placement.isLocal(issuer)) return undefined;
  return signInLinksOf(app)?.issue();
}

/** A product whose accounts are not the kit's makes none. */
function signInLinksOf(app: NestFastifyApplication): SignInLinks | undefined {
  try {
    return app.get(SignInLinks, { strict: false });
  } catch {
    return undefined;
  }
}

async function createApp(
  modules: readonly HostedModule[],
  dependencies: ProcessDependencies,
): Promise<NestFastifyApplication> {
  const { placement, settings } = dependencies;
  const isEdge = placement.isLocal(GATEWAY);
  const place = {
    isEdge,
    showsRequests: isEdge && showsRequests(settingsOf(TelemetrySettings, settings)),
    trustsTraces: !isEdge || settingsOf(TracingSettings, settings).TRACE_TRUST_INCOMING,
  };
  const app = await NestFactory.create<NestFastifyApplication>(
    ProcessModule.hosting(modules, dependencies),
    createAdapter(settingsOf(HttpSettings, settings), place),
    // A start that fails is explained in one line, so what Nest has said until then is not shown.
    { bufferLogs: true, autoFlushLogs: false, abortOnError: false, bodyParser: false },
  );
  app.useLogger(app.get(ProcessLogger));
  app.flushLogs();
  await configureServer(app, place);
  serveApiDocs(app, { isEdge });
  return app;
}

async function stopProcess(
  app: NestFastifyApplication,
  { server, telemetry, settings }: ProcessDependencies,
): Promise<void> {
  const { KEEP_ALIVE_GRACE_MS } = settingsOf(HttpSettings, settings);
  const health = app.get(HealthRegistry);
  health.announceLeaving();
  await app.get(Registration).deregister();
  health.announceStop();
  // First the doors: what is in flight still needs everything behind them.
  try {
    await Promise.all([
      drainConnections(app.getHttpServer(), KEEP_ALIVE_GRACE_MS),
      app.get(ContractServer).stop(),
    ]);
    await app.close();
  } finally {
    await server.close();
    await telemetry.stop();
  }
}

function banner(url: string, { placement, server, settings }: ProcessDependencies): string {
  const { product, topology, self, isDistributed } = placement;
  const { ADMIN_PORT } = settingsOf(HttpSettings, settings);
  const isEdge = self.hosts.includes(GATEWAY);
  const forOperators = new URL(url);
  if (isEdge && ADMIN_PORT !== undefined) forOperators.port = String(ADMIN_PORT);
  const { TRANSPORT } = settingsOf(TransportSettings, settings);
  const serves = isEdge ? announcePages(product, url, forOperators.origin) : [];
  const calls = isDistributed ? [`    topology   ${topology}, calls over ${TRANSPORT}`] : [];
  const database = server.isEmbedded ? 'embedded PostgreSQL' : 'PostgreSQL';
  const usesDatabase = self.hosts.some((host) => host !== GATEWAY);
  return [
    '',
    `  ${product.name} is listening on ${url}`,
    `    hosts      ${self.hosts.join(', ') || `nothing yet; it has the code of ${placement.loaded.join(', ')}`}`,
    ...calls,
    ...serves,
    `    health     ${forOperators.origin}/health`,
    ...(usesDatabase ? [`    database   ${database}`] : []),
    '',
  ].join('\n');
}

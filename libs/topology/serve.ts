import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadSettings, settingsOf } from '#libs/config';
import { CONTEXTS } from '#libs/contracts';
import { DatabaseServer, DatabaseSettings } from '#libs/database';
import { HealthRegistry } from '#libs/health';
import { HttpSettings } from '#libs/http';
import { ProcessLogger } from '#libs/telemetry';
import { serveApiDocs } from './api-docs.js';
import { configureServer } from './configure-server.js';
import { createAdapter } from './fastify-adapter.js';
import type { HostedModule } from './hosted-module.js';
import { ProcessModule } from './process.module.js';
import { explainStartFailure } from './start-failure.js';
import { stopOnSignals } from './stop-on-signals.js';

const SWEEP_EVERY_MS = 50;

/** Runs one process that hosts these modules, until a signal stops it. A start that fails is explained in a line. */
export async function serve(...modules: HostedModule[]): Promise<void> {
  try {
    const running = await startProcess(modules);
    console.log(banner(running));
    stopOnSignals(running, running.stopWithinMs);
  } catch (error) {
    console.error(explainStartFailure(error));
    process.exit(1);
  }
}

export interface RunningProcess {
  readonly url: string;
  readonly modules: readonly HostedModule[];
  readonly usesEmbeddedDatabase: boolean;
  readonly stopWithinMs: number;
  /** Takes no new work, ends what is in flight, then closes everything. */
  stop(): Promise<void>;
}

async function startProcess(modules: readonly HostedModule[]): Promise<RunningProcess> {
  const loaded = loadSettings();
  const http = settingsOf(HttpSettings, loaded);
  const contexts = CONTEXTS.filter((context) => modules.some((module) => module.context === context));
  const server = await DatabaseServer.open(settingsOf(DatabaseSettings, loaded), contexts);
  let app: NestFastifyApplication | undefined;
  try {
    app = await NestFactory.create<NestFastifyApplication>(
      ProcessModule.hosting(modules, loaded, server),
      createAdapter(http),
      { bufferLogs: true, abortOnError: false, bodyParser: false },
    );
    app.useLogger(app.get(ProcessLogger));
    const isEdge = modules.some((module) => module.context === 'gateway');
    await configureServer(app, { isEdge });
    if (isEdge) serveApiDocs(app);
    await app.listen(http.PORT, http.HOST);
  } catch (error) {
    await app?.close().catch(() => undefined);
    await server.close();
    throw error;
  }
  const started = app;
  return {
    url: (await started.getUrl()).replace('[::1]', 'localhost'),
    modules,
    usesEmbeddedDatabase: server.isEmbedded,
    stopWithinMs: http.SHUTDOWN_TIMEOUT_MS,
    stop: () => stopProcess(started, server),
  };
}

async function stopProcess(app: NestFastifyApplication, server: DatabaseServer): Promise<void> {
  app.get(HealthRegistry).announceStop();
  // First the door: what is in flight still needs everything behind it.
  await closeDoor(app);
  await app.close();
  await server.close();
}

/** Answers what is in flight. A connection that is kept alive after its answer would hold the door open. */
async function closeDoor(app: NestFastifyApplication): Promise<void> {
  const sweep = setInterval(() => app.getHttpServer().closeIdleConnections(), SWEEP_EVERY_MS);
  try {
    await app.getHttpAdapter().close();
  } finally {
    clearInterval(sweep);
  }
}

function banner({ url, modules, usesEmbeddedDatabase }: RunningProcess): string {
  const names = modules.map((module) => module.context).join(', ');
  return [
    '',
    `  Fissile is listening on ${url}`,
    `    hosts      ${names}`,
    `    docs       ${url}/docs`,
    `    health     ${url}/health`,
    `    database   ${usesEmbeddedDatabase ? 'embedded PostgreSQL' : 'PostgreSQL'}`,
    '',
  ].join('\n');
}

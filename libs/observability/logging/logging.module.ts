import { type DynamicModule, Injectable, Module } from '@nestjs/common';
import { Logger, LoggerModule, PinoLogger } from 'nestjs-pino';
import type { Options } from 'pino-http';
import { LiveSettings, type LoadedSettings } from '@fissile/kit/config';
import { lineIdentity, type ResourceAttributes } from '../otlp/service-resource.js';
import type { Telemetry } from '../otlp/start-telemetry.js';
import { activeTrace } from '../tracing/spans.js';
import { currentCall } from '@fissile/kit/request';
import { knownSecrets } from './known-secrets.js';
import { logOutput } from './log-output.js';
import { redactor } from './redaction.js';
import { TelemetrySettings } from './logging.settings.js';

/** Nest's own lines about its start, which are of no use to operators. */
const FRAMEWORK = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
]);

@Injectable()
export class ProcessLogger extends Logger {
  override log(message: unknown, ...rest: unknown[]): void {
    if (FRAMEWORK.has(String(rest.at(-1)))) super.debug(message, ...(rest as []));
    else super.log(message, ...(rest as []));
  }

  override error(message: unknown, ...rest: unknown[]): void {
    // A start that fails is explained in a line by serve(); Nest would log it a first time, with a stack.
    if (rest.at(-1) === 'NestApplication') super.debug(message, ...(rest as []));
    else super.error(message, ...(rest as []));
  }
}

/** The logger keeps its level, so a change of the setting is passed on to it. */
@Injectable()
class LiveLogLevel {
  constructor(settings: TelemetrySettings, live: LiveSettings) {
    live.onChange(['LOG_LEVEL'], () => {
      PinoLogger.root.level = settings.LOG_LEVEL;
    });
  }
}

/** Whose lines they are, and what gets them beside the output. */
type LoggedProcess = Pick<Telemetry, 'attributes' | 'logs' | 'recent'>;

/** Structured logs; each line carries the ids of what it belongs to, and nothing of a person. */
@Module({})
export class LoggingModule {
  static forProcess(loaded: LoadedSettings, { attributes, logs, recent }: LoggedProcess): DynamicModule {
    const redact = redactor(knownSecrets(loaded));
    return {
      module: LoggingModule,
      global: true,
      imports: [
        LoggerModule.forRootAsync({
          inject: [TelemetrySettings],
          useFactory: async (settings: TelemetrySettings) => ({
            pinoHttp: [
              pinoOptions(settings, attributes),
              await logOutput(settings.LOG_FORMAT, redact, recent.lines, logs),
            ],
            // Requests are logged by a hook of the HTTP server, which costs less than a middleware.
            forRoutes: [],
          }),
        }),
      ],
      providers: [ProcessLogger, LiveLogLevel],
      exports: [ProcessLogger],
    };
  }
}

/** What the code that logs is working for. Ids that there are none of are left out. */
function idsOfWork(): object {
  const call = currentCall();
  const active = activeTrace();
  if (!call) return active ? { traceId: active.traceId, spanId: active.spanId } : {};
  return {
    requestId: call.requestId,
    clientRequestId: call.clientRequestId,
    traceId: active?.traceId ?? call.traceId,
    spanId: active?.spanId,
    userId: call.caller?.userId ?? call.userId,
    sagaId: call.sagaId,
  };
}

function pinoOptions({ LOG_LEVEL }: TelemetrySettings, attributes: ResourceAttributes): Options {
  return {
    level: LOG_LEVEL,
    autoLogging: false,
    base: lineIdentity(attributes),
    mixin: idsOfWork,
  };
}

import { type DynamicModule, Injectable, Module } from '@nestjs/common';
import { Logger, LoggerModule, PinoLogger } from 'nestjs-pino';
import type { Options } from 'pino-http';
import { LiveSettings } from '#libs/config';
import { activeTrace } from '#libs/tracing';
import { currentCall } from '#libs/transport';
import { TelemetrySettings } from './telemetry.settings.js';

/** What Nest tells of its own start is of no use to those who run the shop. */
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
    // A start that fails is explained in a line by serve(); Nest would tell it a first time, with a stack.
    if (rest.at(-1) === 'NestApplication') super.debug(message, ...(rest as []));
    else super.error(message, ...(rest as []));
  }
}

/** Nobody reads the level from the settings at each line, so a change is handed on. */
@Injectable()
class LiveLogLevel {
  constructor(settings: TelemetrySettings, live: LiveSettings) {
    live.onChange(['LOG_LEVEL'], () => {
      PinoLogger.root.level = settings.LOG_LEVEL;
    });
  }
}

/** Structured logs; each line carries the ids of the request that it belongs to. */
@Module({})
export class LoggingModule {
  static forProcess(): DynamicModule {
    return {
      module: LoggingModule,
      global: true,
      imports: [
        LoggerModule.forRootAsync({
          inject: [TelemetrySettings],
          useFactory: (settings: TelemetrySettings) => ({
            pinoHttp: pinoOptions(settings),
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
    traceId: active?.traceId ?? call.traceId,
    spanId: active?.spanId,
    userId: call.caller?.userId ?? call.userId,
    sagaId: call.sagaId,
  };
}

function pinoOptions({ LOG_LEVEL, LOG_FORMAT }: TelemetrySettings): Options {
  const pretty = LOG_FORMAT === 'pretty' || (LOG_FORMAT === 'auto' && process.stdout.isTTY);
  return {
    level: LOG_LEVEL,
    autoLogging: false,
    base: { pid: process.pid },
    mixin: idsOfWork,
    ...(pretty
      ? {
          transport: {
            target: 'pino-pretty',
            options: {
              singleLine: true,
              ignore: 'pid,context',
              messageFormat: '{if context}[{context}] {end}{msg}',
            },
          },
        }
      : {}),
  };
}

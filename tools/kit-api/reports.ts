import {
  CompilerState,
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type ExtractorMessage,
} from '@microsoft/api-extractor';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where the reports are kept; each is `<room>.api.md`. */
export const REPORTS = 'libs/api';

/** What a room exports, as text. */
export interface Report {
  readonly room: string;
  readonly text: string;
}

/**
 * Describes the exports of every room of the kit from its compiled types.
 * @param folder where the extractor may write
 */
export function makeReports(folder: string): Report[] {
  const rooms = globSync('libs/*/index.ts').map((file) => file.split('/')[1] ?? '');
  const configs = rooms.sort().map((room) => [room, configOf(room, folder)] as const);
  // One compilation for all of them.
  const compilerState = CompilerState.create(configs[0]?.[1] as ExtractorConfig, {
    additionalEntryPoints: configs.map(([, { mainEntryPointFilePath }]) => mainEntryPointFilePath),
  });
  return configs.map(([room, config]) => {
    Extractor.invoke(config, { localBuild: true, compilerState, messageCallback: refuseErrors });
    return { room, text: readFileSync(join(folder, `${room}.api.md`), 'utf8').replaceAll('\r\n', '\n') };
  });
}

function refuseErrors(message: ExtractorMessage): void {
  message.handled = true;
  if (message.logLevel === ExtractorLogLevel.Error)
    throw new Error(message.formatMessageWithLocation(undefined));
}

function configOf(room: string, folder: string): ExtractorConfig {
  const none = { logLevel: ExtractorLogLevel.None };
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: resolve('libs'),
      mainEntryPointFilePath: `<projectFolder>/dist/${room}/index.d.ts`,
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            module: 'nodenext',
            target: 'es2024',
            types: ['node'],
            skipLibCheck: true,
            strict: true,
          },
          files: [resolve(`libs/dist/${room}/index.d.ts`)],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${room}.api.md`,
        reportFolder: folder,
        reportTempFolder: join(folder, 'temp'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: none },
        extractorMessageReporting: { default: none },
        tsdocMessageReporting: { default: none },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: resolve('libs/package.json'),
  });
}

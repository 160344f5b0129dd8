import { Logger } from '@nestjs/common';
import { readFileSync, unwatchFile, watchFile } from 'node:fs';

/** By stat, which follows the links by which Kubernetes replaces files. */
const LOOK_EVERY_MS = 1_000;

/** Paths of PEM files. */
export interface TlsPaths {
  /** The certificates of the authorities that are trusted. */
  readonly ca: string | undefined;
  /** The certificate of this side, with its chain. */
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** What is in the files, as `tls.connect` and `tls.createServer` take it. */
export interface TlsContents {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** The files that connections to one server, or a server of our own, are secured by. */
export class TlsFiles {
  private readonly logger = new Logger('Tls');

  /** @param name the start of the names of the settings, such as `REDIS` */
  constructor(
    readonly name: string,
    readonly paths: TlsPaths,
  ) {}

  /** False when none of the settings is set. */
  get areGiven(): boolean {
    return Object.values(this.paths).some((path) => path !== undefined);
  }

  /**
   * The contents of the files as they are now.
   * @throws Error of the file system
   */
  read(): TlsContents {
    return Object.fromEntries(this.given().map(([part, path]) => [part, readFileSync(path)]));
  }

  /**
   * Options for a driver that keeps them and takes a copy for each connection: each copy has the contents that the files
   * have then, so a new certificate is used from the next connection on.
   */
  readAtEachUse(): TlsContents {
    const options = {};
    for (const [part, path] of this.given())
      Object.defineProperty(options, part, { enumerable: true, get: () => readFileSync(path) });
    return options;
  }

  /**
   * Calls the listener after a change of any of the files; what it throws, as when only one of two files is written yet, is
   * tried again at the next look.
   * @returns ends it
   */
  onChange(listener: () => void): () => void {
    let isDue = false;
    const look = setInterval(() => {
      if (!isDue) return;
      try {
        listener();
        isDue = false;
      } catch (error) {
        this.logger.warn(`The files of ${this.name}_TLS_… do not go together: ${(error as Error).message}`);
      }
    }, LOOK_EVERY_MS).unref();
    const changed = (): void => void (isDue = true);
    const paths = this.given().map(([, path]) => path);
    for (const path of paths) watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, changed);
    return () => {
      clearInterval(look);
      for (const path of paths) unwatchFile(path, changed);
    };
  }

  private given(): [keyof TlsContents, string][] {
    const { ca, cert, key } = this.paths;
    const parts: [keyof TlsContents, string | undefined][] = [
      ['ca', ca],
      ['cert', cert],
      ['key', key],
    ];
    return parts.filter((part): part is [keyof TlsContents, string] => part[1] !== undefined);
  }
}

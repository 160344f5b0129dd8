import { isRoot } from '../deploy/compose.js';

/** The fields of `docker image inspect` and `podman image inspect` that the checks use. */
export interface Image {
  readonly Size: number;
  readonly Config: {
    readonly User?: string;
    readonly Env?: readonly string[];
    readonly Cmd?: readonly string[];
    readonly StopSignal?: string;
    readonly Healthcheck?: HealthCheck;
  };
  /** Podman's place for it. */
  readonly Healthcheck?: HealthCheck;
}

interface HealthCheck {
  readonly Test: readonly string[];
}

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
}

const SECRET = /(SECRET|PASSWORD|TOKEN|_KEY|DATABASE_URL)/;

export function imageFaults(image: Image, app: string): string[] {
  const { User = '', Env = [], Cmd = [], StopSignal } = image.Config;
  const program = `node dist/apps/${app}/src/main.js`;
  return [
    ...(isRoot(User) ? ['it runs as root'] : []),
    ...(Cmd.join(' ') === program ? [] : [`it starts ${Cmd.join(' ')}`]),
    ...(StopSignal === 'SIGTERM' ? [] : [`it is stopped by ${StopSignal}`]),
    ...(healthCommand(image).length > 0 ? [] : ['it has no health check']),
    ...Env.map((entry) => entry.split('=')[0] ?? '')
      .filter((name) => SECRET.test(name))
      .map((name) => `${name} stays in it`),
  ];
}

/** The command of its health check, without the word that says whether it is for a shell. */
export function healthCommand(image: Image): readonly string[] {
  const { Test = [] } = image.Config.Healthcheck ?? image.Healthcheck ?? {};
  return Test.slice(1);
}

/** Files that an image must not contain: packages that only builds and tests need, tests, and possible secrets. */
export function strayFiles(files: readonly string[], lock: LockFile): string[] {
  return files.filter((file) => {
    const [, folder = ''] = /^(node_modules\/.+)\/package\.json$/.exec(file) ?? [];
    if (lock.packages[folder]?.dev === true) return true;
    if (/(^|\/)(\.npmrc|\.env(\..*)?|\.git|id_rsa)$/.test(file)) return true;
    return !file.startsWith('node_modules/') && /\.spec\.|\.map$|\.ts$/.test(file);
  });
}

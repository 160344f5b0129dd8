/** Whether a version comes after another. */
export function isNewer(version: string, other: string): boolean {
  return compare(version, other) > 0;
}

/** What people do, beside what a command does, when they come from a version before this one. */
interface VersionSteps {
  readonly version: string;
  readonly steps: readonly string[];
}

/** Newest last. A version that asks for nothing has no entry. */
const STEPS: readonly VersionSteps[] = [
  {
    version: '0.2.0',
    steps: [
      'Run npm install and npm run generate, which writes the types of the API to client/ for the tests.',
      "The context users is the kit's: apps/users keeps main.ts and users.module.ts, which names the roles. If you have edited others of its files, move what you changed there, or keep all of your own: git checkout HEAD -- apps/users contracts/users.",
      'buf breaking reports contracts/users once, in the pull request of this upgrade: the kit has the same contract.',
      'Where MIGRATE_AT_START=false, run npx fissile migrate before the first process of 0.2.0 starts.',
      'Where events or calls go through a broker, deploy with BROKER_MESSAGES=accept first (plain, where calls do), and without it when no process of the earlier version runs: what is not signed is refused then.',
      'For Compose, run npx fissile generate once it is built, and sh deploy/make-env.sh, which adds the keys and passwords of processes to .env. On Kubernetes, several processes have NATS_URL, RABBITMQ_URL, REDIS_URL and KAFKA_SASL_PASSWORD in a Secret each, <product>-broker-<process>: make those first.',
      'Contexts that handle users.registered handle users.registered.v2, which has the id alone, beside UserRegisteredV1. Deploy them before the context users.',
      'Say in the description of each context what it keeps of people (personal), and how that is exported and erased (PersonalRecords): DELETE /api/users/me asks every context.',
      'Scripts that sign in with the generated password of the first admin send newPassword once, or use ADMIN_PASSWORD.',
    ],
  },
];

/** The steps of all versions after one, up to another. */
export function stepsBetween(from: string, to: string, all: readonly VersionSteps[] = STEPS): string[] {
  return all
    .filter(({ version }) => isNewer(version, from) && !isNewer(version, to))
    .flatMap(({ version, steps }) => steps.map((step) => `${version}: ${step}`));
}

function compare(version: string, other: string): number {
  const [numbers = '', early = ''] = split(version);
  const [otherNumbers = '', otherEarly = ''] = split(other);
  const byNumbers = inOrder(numbers, otherNumbers);
  if (byNumbers !== 0 || early === otherEarly) return byNumbers;
  // 1.0.0-rc.1 comes before 1.0.0.
  if (early === '' || otherEarly === '') return early === '' ? 1 : -1;
  return inOrder(early, otherEarly);
}

function split(version: string): [string, string] {
  const dash = version.indexOf('-');
  return dash < 0 ? [version, ''] : [version.slice(0, dash), version.slice(dash + 1)];
}

function inOrder(text: string, other: string): number {
  return text.localeCompare(other, 'en', { numeric: true });
}

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { FixtureProduct } from './fixture-product.spec.js';
import { planContexts } from './plan-contexts.js';
import { planEvent } from './plan-event.js';
import { planSaga } from './plan-saga.js';
import { ProjectPlan } from './project-plan.js';

const COMMAND = fileURLToPath(new URL('../main.js', import.meta.url));
const FIVE = ['appointments', 'patients', 'doctors', 'billing:invoice', 'rooms'];

describe('fissile new', () => {
  let product: FixtureProduct;

  beforeEach(() => {
    product = new FixtureProduct();
  });

  afterEach(() => product.remove());

  /** Plans and writes, without generating code or formatting. */
  function make(fill: (plan: ProjectPlan) => void): ProjectPlan {
    const plan = new ProjectPlan(product.root);
    fill(plan);
    plan.check();
    plan.write();
    return plan;
  }

  const addContexts = (contexts: readonly string[], access = 'own') =>
    make((plan) => planContexts(plan, { contexts, access, timestamp: 1_790_000_000_000 }));

  function run(...words: string[]) {
    return spawnSync(process.execPath, [COMMAND, 'new', ...words], { cwd: product.root, encoding: 'utf8' });
  }

  function refused(...words: string[]): string {
    const before = product.contents();
    const { status, stderr } = run(...words);
    assert.equal(status, stderr.includes('unknown flag') ? 2 : 1, stderr);
    assert.deepEqual(product.contents(), before);
    return stderr;
  }

  function contextsIn(path: string, pattern: RegExp): string[] {
    return [...product.read(path).matchAll(pattern)].map(([, name]) => name ?? '');
  }

  function assertFive(): void {
    const names = FIVE.map((name) => name.split(':')[0] ?? '').sort();
    assert.deepEqual(product.syntaxErrors(), []);
    const [list = ''] = contextsIn('contracts/index.ts', /contexts: \[([^\]]*)\]/g);
    assert.deepEqual(
      list
        .replaceAll(/\/\/.*/g, '')
        .match(/\w+/g)
        ?.sort(),
      names,
    );
    assert.deepEqual(
      contextsIn('contracts/index.ts', /import \{ (\w+) \} from '\.\/\w+\/index\.js'/g).sort(),
      names,
    );
    assert.deepEqual(
      contextsIn('apps/monolith/src/main.ts', /import\('\.\.\/\.\.\/(\w+)\//g).sort(),
      [...names, 'gateway'].sort(),
    );
    const { split, pair } = parse(product.read('config/topology.yaml')) as Record<
      string,
      Record<string, string[]>
    >;
    assert.deepEqual(
      Object.values(split ?? {})
        .flat()
        .sort(),
      [...names, 'gateway'].sort(),
    );
    assert.deepEqual(pair?.['core']?.toSorted(), names);
  }

  it('makes a context that is formatted, with the code of its contract', () => {
    const { status, stdout, stderr } = run('context', 'parcels');
    assert.equal(status, 0, stderr);
    assert.match(stdout, /new +contracts\/parcels\/parcels\.proto/);
    assert.match(product.read('contracts/generated/parcels/parcels.ts'), /GetParcelRequest/);
    assert.match(product.read('apps/parcels/src/main.ts'), /await serve\(fixture, ParcelsModule\)/);
    assert.deepEqual(product.syntaxErrors(), []);
    const check = ['--check', 'apps/parcels', 'contracts/parcels', 'contracts/index.ts', 'test', 'config'];
    const prettier = join(product.root, 'node_modules/prettier/bin/prettier.cjs');
    const checked = spawnSync(process.execPath, [prettier, ...check], {
      cwd: product.root,
      encoding: 'utf8',
    });
    assert.equal(checked.status, 0, checked.stderr);
  });

  it('makes five contexts one after the other', () => {
    for (const context of FIVE) addContexts([context]);
    assertFive();
  });

  it('makes five contexts at once, callers first as they were named', () => {
    addContexts(FIVE);
    assertFive();
    const { split } = parse(product.read('config/topology.yaml')) as { split: object };
    assert.deepEqual(Object.keys(split), [
      'gateway',
      'appointments',
      'patients',
      'doctors',
      'billing',
      'rooms',
    ]);
  });

  it('makes contexts whatever trailing commas and comments the lists have', () => {
    product.edit('contracts/index.ts', 'contexts: []', 'contexts: [\n    // None yet.\n  ],');
    product.edit('apps/monolith/src/main.ts', "module.js'),\n", "module.js'), // the edge\n");
    addContexts([FIVE[0] ?? '']);
    product.edit('contracts/index.ts', /contexts: \[([^\]]*)\]/, 'contexts: [\n appointments, // ours,\n]');
    for (const context of FIVE.slice(1)) addContexts([context]);
    assertFive();
  });

  it('makes contexts while the product does not compile', () => {
    product.edit('contracts/index.ts', 'export const', 'const broken: = ;\nexport const');
    product.edit('apps/monolith/src/main.ts', 'await', 'import { missing } from;\nawait');
    const { status, stderr } = run('context', 'parcels');
    assert.equal(status, 0, stderr);
    assert.match(product.read('contracts/index.ts'), /const broken: = ;[^]*contexts: \[ ?parcels ?\]/);
    assert.match(product.read('apps/monolith/src/main.ts'), /parcels: \(\) => import\('\.\.\/\.\.\/parcels/);
  });

  for (const access of ['own', 'admin', 'public']) {
    it(`makes a resource of the access rule ${access}`, () => {
      addContexts(['parcels'], access);
      assert.deepEqual(product.syntaxErrors(), []);
      const files = Object.entries(product.contents()).filter(([path]) => path.includes('parcel'));
      const all = files.map(([, text]) => text).join('\n');
      assert.equal(/userId/.test(all), access === 'own');
      assert.equal(/@AdminOnly\(\)/.test(all), access !== 'own');
      assert.equal(/@SignedIn\(\)/.test(all), access !== 'public');
      assert.equal(/@Public\(\)/.test(all), access === 'public');
      assert.doesNotMatch(all, /\{\{|\}\}(?!['"`,;)\]}\s])/);
    });
  }

  it('makes no scenario test where nothing could run it', () => {
    rmSync(join(product.root, 'test'), { recursive: true });
    assert.ok(![...addContexts(['parcels']).created.keys()].some((path) => path.startsWith('test/')));
  });

  it('makes a saga, with what a context needs for its first', () => {
    addContexts(['appointments']);
    make((plan) =>
      planSaga(plan, { context: 'appointments', saga: 'book-appointment', timestamp: 1_790_000_000_001 }),
    );
    make((plan) =>
      planSaga(plan, { context: 'appointments', saga: 'move-appointment', timestamp: 1_790_000_000_002 }),
    );
    assert.deepEqual(product.syntaxErrors(), []);
    const module = product.read('apps/appointments/src/appointments.module.ts');
    assert.equal(module.match(/SagaModule\.forContext\(database, messaging\)/g)?.length, 1);
    assert.match(
      module,
      /\.\.\.SAGA_MIGRATIONS,\s*CreateBookAppointment1790000000001,\s*CreateMoveAppointment1790000000002\]/,
    );
    assert.match(module, /\{ database, messaging, audit, sagas \}/);
    assert.match(
      module,
      /BookAppointmentRecords,\s*BookAppointmentSaga,\s*MoveAppointmentRecords,\s*MoveAppointmentSaga,/,
    );
  });

  it('makes an event, with a handler in each context that was asked for', () => {
    addContexts(['appointments', 'billing:invoice', 'rooms']);
    make((plan) => planEvent(plan, { event: 'appointments.booked', handledBy: ['billing', 'rooms'] }));
    make((plan) => planEvent(plan, { event: 'appointments.moved_away', handledBy: ['billing'] }));
    make((plan) => planEvent(plan, { event: 'billing.paid', handledBy: [] }));
    assert.deepEqual(product.syntaxErrors(), []);
    const published = product.read('contracts/appointments/index.ts');
    assert.match(published, /publishes: \[AppointmentCreated, AppointmentBooked, AppointmentMovedAway\]/);
    assert.match(published, /export \{ AppointmentCreated, AppointmentBooked, AppointmentMovedAway \}/);
    assert.match(
      product.read('contracts/billing/index.ts'),
      /subscribes: \[AppointmentBooked, AppointmentMovedAway\]/,
    );
    assert.match(product.read('contracts/rooms/index.ts'), /subscribes: \[AppointmentBooked\]/);
    const handlers = product.read('apps/billing/src/billing-events.ts');
    assert.match(handlers, /'appointments\.booked\.v1': async[^]*'appointments\.moved_away\.v1': async/);
    assert.match(product.read('apps/billing/src/billing.module.ts'), /providers: \[[^\]]*BillingEvents/);
    // What its events are about already.
    assert.match(product.read('contracts/billing/billing.events.ts'), /InvoicePaid[^]*\.invoiceId/);
  });

  it('is refused with all that is wrong at once, and writes nothing', () => {
    addContexts(['parcels']);
    mkdirSync(join(product.root, 'apps/rooms'));
    const message = refused(
      'context',
      'parcels',
      'rooms',
      'Bad',
      'gifts:parcel',
      'furniture',
      '--access',
      'mine',
      '--fast',
    );
    for (const expected of [
      'unknown flag --fast',
      '--access mine: expected own, admin, public',
      'parcels: exists already',
      'rooms: the folder apps/rooms exists already',
      'Bad: expected 3 to 30 small letters',
      'gifts: apps/parcels/src/api/parcel.resource.ts has a parcel already',
      'furniture: needs another name for one of them',
    ])
      assert.ok(message.includes(expected), `${expected}\nis not in\n${message}`);
  });

  it('is refused for a saga or an event of a context that is not there', () => {
    const saga = refused('saga', 'nobody', 'Run');
    assert.match(saga, /Run: expected 3 to 40 small letters/);
    assert.match(saga, /nobody: no such context/);
    const event = refused('event', 'nobody.left', '--handled-by', 'somebody');
    assert.match(event, /nobody\.left: no such context/);
    assert.match(event, /--handled-by somebody: no such context/);
    assert.match(refused('event', 'parcels'), /expected <context>\.<name>/);
  });

  it('is refused for a name that means something else in the files that it makes', () => {
    assert.match(refused('context', 'transactions'), /Transaction would mean two things in apps/);
    assert.match(refused('context', 'fixture:thing'), /fixture would mean two things in contracts/);
  });

  it('is refused where a file has no place for a context, by that file', () => {
    product.write('apps/monolith/src/main.ts', 'console.log(1);\n');
    product.write('config/topology.yaml', 'split: [gateway]\n');
    const message = refused('context', 'parcels');
    assert.match(message, /apps\/monolith\/src\/main\.ts: expected serveChosen/);
    assert.match(message, /config\/topology\.yaml: split: expected processes/);
  });

  it('leaves nothing behind when the code of the contracts cannot be generated', () => {
    product.write('contracts/broken/broken.proto', 'syntax = "proto3"; message {');
    assert.match(refused('context', 'parcels'), /npm run contracts failed/);
  });

  it('leaves nothing behind when a file cannot be written', () => {
    product.write('test/scenarios/other.spec.ts', '');
    const before = product.contents();
    const plan = new ProjectPlan(product.root);
    planContexts(plan, { contexts: ['parcels'], access: 'own', timestamp: 1 });
    // A folder in its place fails for root too, whom no permission stops.
    mkdirSync(join(product.root, 'test/scenarios/parcels.spec.ts'));
    assert.throws(() => plan.write(), /EISDIR/);
    assert.deepEqual(product.contents(), before);
  });
});

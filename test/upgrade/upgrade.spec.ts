import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { until } from '@fissile/kit/testing';
import { ClinicProcesses } from './clinic-processes.js';
import { EarlierProduct } from './earlier-product.js';
import { makeTypicalEdits } from './typical-edits.js';

/** Stays as the earlier kit made it. */
const EARLIER = 'earlier';
/** The same with a team's edits, and updated. */
const UPDATED = 'updated';

describe('A product of an earlier kit', () => {
  const product = new EarlierProduct();
  let processes: ClinicProcesses;

  before(async () => {
    processes = await ClinicProcesses.open();
    await product.unpack(EARLIER);
    await product.unpack(UPDATED, makeTypicalEdits);
    await workAndDie();
    await product.updateKit(UPDATED);
  });

  after(async () => {
    await processes.close();
    await product.remove();
  });

  /** The earlier one is killed with sagas that wait, and with events that have not left its outboxes. */
  async function workAndDie(): Promise<void> {
    const clinic = await processes.start(product.pathOf(EARLIER));
    const first = await clinic.book();
    await until('it has an invoice', async () => (await processes.count('billing', 'billing')) === 1);
    const release = [await processes.holdEvents('appointments'), await processes.holdEvents('billing')];
    await clinic.book();
    await clinic.pay(first);
    const begun = async () => (await processes.count('appointments', 'example_records')) === 2;
    await until('both sagas have begun', begun);
    await clinic.stop('SIGKILL');
    for (const letGo of release) await letGo();
  }

  it('left a saga that waits for an event on its way, and another event on its way', async () => {
    assert.equal(await processes.count('billing', 'billing'), 1);
    assert.equal(await processes.count('appointments', 'example_records', `status = 'begun'`), 2);
  });

  it('is not upgraded over uncommitted changes, beside those of the update itself', async () => {
    const file = join(product.pathOf(UPDATED), 'notes.txt');
    writeFileSync(file, '');
    const status = await product.status(UPDATED);
    await assert.rejects(product.upgrade(UPDATED), /nothing was written:\n.*commit or stash notes\.txt\n/);
    assert.equal(await product.status(UPDATED), status);
    rmSync(file);
  });

  it('has told what an upgrade changes and what people do, with nothing written', async () => {
    const status = await product.status(UPDATED);
    const report = await product.upgrade(UPDATED, '--dry-run');
    assert.equal(await product.status(UPDATED), status);
    for (const line of [
      'new              test/parity.ts',
      'merged           Dockerfile',
      'merged           tsconfig.json',
      'merged           AGENTS.md',
      'conflict         .github/workflows/ci.yml',
      'removed          .editorconfig',
      'generated        docker-compose.yml',
      'deleted by you   README.md',
      '- Resolve the conflicts in .github/workflows/ci.yml',
      '- 0.2.0: Run npm install and npm run generate',
      '- 0.2.0: Where MIGRATE_AT_START=false',
      "The kit's own tables need nothing",
      'Nothing was written.',
    ]) {
      assert.ok(report.includes(line), `${line}\n\nis not in\n\n${report}`);
    }
  });

  describe('upgraded', () => {
    const read = (path: string) => product.read(UPDATED, path);
    const root = product.pathOf(UPDATED);

    before(() => product.upgrade(UPDATED));

    it('has what the kit and what the team have changed', () => {
      assert.match(read('Dockerfile'), /^FROM node:24\.21-/m);
      assert.match(read('Dockerfile'), /TZ=Europe\/Vienna/);
      assert.match(read('tsconfig.json'), /"noFallthroughCasesInSwitch": true/);
      assert.match(read('tsconfig.json'), /"sourceMap": false/);
      assert.match(read('AGENTS.md'), /fissile upgrade[^]*Appointments are never deleted/);
      assert.match(read('package.json'), /"seed": "node dist\/tools\/seed.js"/);
      assert.match(read('config/topology.yaml'), /edge:/);
      assert.ok(existsSync(join(root, 'test/parity.ts')));
      assert.ok(existsSync(join(root, 'k8s/overlays/live/kustomization.yaml')));
    });

    it('has markers where both have changed a line', () => {
      assert.match(
        read('.github/workflows/ci.yml'),
        /<<<<<<< yours\n +timeout-minutes: 45\n\|{7} made by 0\.1\.0\n +timeout-minutes: 15\n=======\n +timeout-minutes: \d+\n>>>>>>> made by \d+\.\d+\.\d+\n/,
      );
    });

    it('lacks what the team has deleted, and what is no longer made', () => {
      assert.ok(!existsSync(join(root, 'README.md')));
      assert.ok(!existsSync(join(root, '.editorconfig')));
    });

    it('has nothing more to upgrade', async () => {
      await assert.rejects(product.upgrade(UPDATED), /there is nothing to upgrade to/);
    });

    it('passes its own tests when what the report asks for is done: in one process, split, and both alike', async () => {
      await product.run(UPDATED, 'npm', 'install');
      await product.run(UPDATED, 'npm', 'run', 'build');
      await product.run(UPDATED, 'npx', 'fissile', 'generate', '--check');
      await product.run(UPDATED, 'npm', 'run', 'generate');
      const workflow = join(root, '.github/workflows/ci.yml');
      const resolved = readFileSync(workflow, 'utf8').replace(/<{7}.*\n([^|]*)\|{7}[^]*>{7}.*\n/, '$1');
      writeFileSync(workflow, resolved);
      const output = await product.run(UPDATED, 'npm', 'test');
      for (const run of ['unit', 'monolith', 'split']) assert.match(output, new RegExp(`^${run}$`, 'm'));
      assert.match(output, /^monolith and split answer \d+ requests alike\.$/m);
      assert.doesNotMatch(output, /^ℹ (fail|skipped|todo) [^0]/m);
    });

    it('goes on with the saga and the events, and beside the earlier version under load loses none', async () => {
      const ended = (n: number) => async () =>
        (await processes.count('appointments', 'example_records', `status = 'completed'`)) === n;
      const invoices = (n: number) => async () => (await processes.count('billing', 'billing')) === n;

      const updated = await processes.start(root);
      await until('the saga ends, whose event was on its way', ended(1));
      await until('the event that was on its way is handled', invoices(2));

      const earlier = await processes.start(product.pathOf(EARLIER));
      const visits = 20;
      const booked = await Promise.all(
        Array.from({ length: visits }, async (_, index) => {
          const [one, other] = index % 2 === 0 ? [earlier, updated] : [updated, earlier];
          const id = await one.book();
          await other.pay(id);
          return id;
        }),
      );
      assert.equal(new Set(booked).size, visits);
      await earlier.stop();
      await until('every saga that was paid has ended', ended(1 + visits));
      await until('every appointment has an invoice', invoices(2 + visits));
      await updated.stop();
    });

    for (const [rest, billing] of [
      [EARLIER, UPDATED],
      [UPDATED, EARLIER],
    ] as const) {
      it(`books and bills split, with the ${billing} version of billing and the ${rest} one of all else`, async () => {
        const count = (context: string, table: string, where?: string) =>
          processes.count(context, table, where);
        const paid = () => count('appointments', 'example_records', `status = 'completed'`);
        const [invoices, completed] = [await count('billing', 'billing'), await paid()];
        const clinic = await processes.startSplit(product.pathOf(rest), product.pathOf(billing));
        await clinic.during(async () => {
          const id = await clinic.book();
          await until('it has an invoice', async () => (await count('billing', 'billing')) === invoices + 1);
          await clinic.pay(id);
          await until('its saga has ended', async () => (await paid()) === completed + 1);
        });
        await clinic.stop();
      });
    }
  });
});

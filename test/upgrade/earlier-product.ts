import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execFileSync } from 'node:child_process';
import { ProductMaker } from '../clinic/created-product.js';
import { unpackTarball } from '../harness/repository-packages.js';

const DATA = 'test/upgrade/data';
const EARLIER_KIT = 'fissile-kit-0.1.0.tgz';

/** A product that an earlier kit has made, in repositories of its own: see test/upgrade/data/README.md. */
export class EarlierProduct {
  private readonly maker = new ProductMaker();

  pathOf(name: string): string {
    return this.maker.pathOf(name);
  }

  read(name: string, path: string): string {
    return readFileSync(join(this.pathOf(name), path), 'utf8');
  }

  /** Unpacks and commits it, with the kit that it was made with. */
  async unpack(name: string, edit: (root: string) => void = () => undefined): Promise<void> {
    const root = this.pathOf(name);
    unpackTarball(resolve(DATA, 'clinic-0.1.0.tgz'), root);
    mkdirSync(join(root, 'vendor'));
    copyFileSync(resolve(DATA, EARLIER_KIT), join(root, 'vendor', EARLIER_KIT));
    await this.run(name, 'npm', 'install');
    edit(root);
    await this.run(name, 'git', 'init', '--quiet');
    await this.commit(name);
  }

  /** What `npm install @fissile/kit@latest` does: the kit of this repository takes the place of the earlier one. */
  async updateKit(name: string): Promise<void> {
    const root = this.pathOf(name);
    rmSync(join(root, 'node_modules/@fissile/kit'), { recursive: true });
    const words = ['pack', '--silent', '--ignore-scripts', '--workspace', 'libs', '--pack-destination'];
    execFileSync('npm', [...words, join(root, 'vendor')]);
    const packed = readdirSync(join(root, 'vendor')).find((file) => file !== EARLIER_KIT) ?? '';
    writeFileSync(join(root, 'package.json'), this.read(name, 'package.json').replace(EARLIER_KIT, packed));
    await this.run(name, 'npm', 'install');
  }

  /** Returns what was printed; fails with that. */
  run(name: string, program: string, ...words: string[]): Promise<string> {
    return this.maker.run(name, program, words);
  }

  upgrade(name: string, ...flags: string[]): Promise<string> {
    return this.run(name, join(this.pathOf(name), 'node_modules/.bin/fissile'), 'upgrade', ...flags);
  }

  /** What git sees as changed. */
  status(name: string): Promise<string> {
    return this.run(name, 'git', 'status', '--porcelain', '--untracked-files=all');
  }

  async commit(name: string): Promise<void> {
    await this.run(name, 'git', 'add', '--all');
    const author = ['-c', 'user.name=test', '-c', 'user.email=test@localhost'];
    await this.run(name, 'git', ...author, 'commit', '--quiet', '--message', 'A commit');
  }

  remove(): Promise<void> {
    return this.maker.remove();
  }
}

import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { Component } from '@fissile/kit/contract';

type Module = ModulesContainer extends Map<string, infer M> ? M : never;

/**
 * Starts and stops what a context does by itself (its outbox relay, sagas, clean-ups, loops of its own) while the process and its
 * other contexts go on. It uses the hooks that Nest calls at the start and the stop of an application: `onApplicationBootstrap` and
 * `onModuleDestroy` of the classes that belong to the context alone. So whatever a context has begun in the one and ends in the
 * other moves with it, and is not told of it.
 */
@Injectable()
export class HostedWork {
  /** At the start Nest starts all. */
  private readonly stopped = new Set<Component>();

  constructor(private readonly modules: ModulesContainer) {}

  isRunning(context: Component): boolean {
    return !this.stopped.has(context);
  }

  /** @throws the error of a class that cannot start; then none of the context runs */
  async start(context: Component): Promise<void> {
    if (this.isRunning(context)) return;
    this.stopped.delete(context);
    try {
      await Promise.all(
        this.instancesOf(context)
          .filter(begins)
          .map(async (one) => one.onApplicationBootstrap()),
      );
    } catch (error) {
      await this.stop(context);
      throw error;
    }
  }

  /** Resolves when what was under way has ended. */
  async stop(context: Component): Promise<void> {
    if (!this.isRunning(context)) return;
    this.stopped.add(context);
    await Promise.allSettled(
      this.instancesOf(context)
        .filter(ends)
        .map(async (one) => one.onModuleDestroy()),
    );
  }

  private instancesOf(context: Component): object[] {
    const instances = this.modulesOf(context).flatMap((module) =>
      [...module.providers.values(), ...module.controllers.values()]
        .filter(({ isAlias, isTransient }) => !isAlias && !isTransient)
        .map(({ instance }) => instance),
    );
    return [...new Set(instances)].filter((one) => typeof one === 'object' && one !== null);
  }

  /** Those that no other context of the process uses as well. */
  private modulesOf(context: Component): Module[] {
    const roots = [...this.modules.values()].filter((module) => contextOf(module) !== undefined);
    const others = new Set(roots.filter((root) => contextOf(root) !== context).flatMap(withImports));
    return roots
      .filter((root) => contextOf(root) === context)
      .flatMap(withImports)
      .filter((module) => !others.has(module));
  }
}

function contextOf({ metatype }: Module): Component | undefined {
  const { context } = metatype as { context?: unknown };
  return typeof context === 'string' ? context : undefined;
}

/** The module, and what it imports, directly or not. Global modules are the process's. */
function withImports(root: Module): Module[] {
  const found = new Set([root]);
  for (const module of found) {
    for (const imported of module.imports) if (!imported.isGlobal) found.add(imported);
  }
  return [...found];
}

function begins(instance: object): instance is OnApplicationBootstrap {
  return typeof (instance as Partial<OnApplicationBootstrap>).onApplicationBootstrap === 'function';
}

function ends(instance: object): instance is OnModuleDestroy {
  return typeof (instance as Partial<OnModuleDestroy>).onModuleDestroy === 'function';
}

import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  Optional,
  type RequestMethod,
  type Type,
} from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ACCESS } from './access.js';

type Method = (...parameters: never[]) => unknown;

/** The modules whose controllers are asked; all of the process when there is no such provider. */
export const ACCESS_CHECKED_MODULES = 'modules whose routes say who may call them';

/** Refuses to start while a route does not say who may call it. */
@Injectable()
export class AccessPolicyCheck implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
    @Optional() @Inject(ACCESS_CHECKED_MODULES) private readonly modules?: readonly Type[],
  ) {}

  onApplicationBootstrap(): void {
    const undeclared = this.discovery
      .getControllers()
      .filter(({ host }) => !this.modules || this.modules.some((module) => module === host?.metatype))
      .flatMap(({ metatype }) => (metatype ? this.undeclaredRoutes(metatype as Type) : []));
    if (undeclared.length > 0) {
      throw new Error(`These routes declare no access policy: ${undeclared.join(', ')}`);
    }
  }

  private undeclaredRoutes(controller: Type): string[] {
    const prototype = controller.prototype as Record<string, Method>;
    return this.scanner
      .getAllMethodNames(prototype)
      .filter((name) => isRoute(prototype[name]))
      .filter(
        (name) => !this.reflector.getAllAndOverride(ACCESS, [prototype[name] ?? controller, controller]),
      )
      .map((name) => `${controller.name}.${name}`);
  }
}

function isRoute(method: Method | undefined): boolean {
  return (
    method !== undefined &&
    (Reflect.getMetadata(METHOD_METADATA, method) as RequestMethod | undefined) !== undefined
  );
}

import type { InjectionToken, ModuleMetadata, OptionalFactoryDependency } from '@nestjs/common';
import type { ContextName } from '@fissile/kit/contract';
import type { HostedModule } from '../hosted-module.js';

/** What an application has of a product. It is the structure of its modules, so it is known before Nest starts. */
export interface ApplicationParts {
  /** The context that the rest of the application is; none for a program that hosts `modules` alone. */
  readonly application?: ContextName;
  /** The modules of contexts that this program can host; HOSTS and TOPOLOGY choose among them. */
  readonly modules?: readonly HostedModule[];
}

export interface ApplicationSettings {
  /** Settings by name, as text. They count where the environment says nothing. */
  readonly settings?: Readonly<Record<string, string>>;
}

export type ApplicationOptions = ApplicationParts & ApplicationSettings;

/** For settings that the application gets by injection, such as from its ConfigService. */
export interface ApplicationAsyncOptions extends ApplicationParts, Pick<ModuleMetadata, 'imports'> {
  readonly inject?: (InjectionToken | OptionalFactoryDependency)[];
  readonly useFactory: (...injected: never[]) => ApplicationSettings | Promise<ApplicationSettings>;
}

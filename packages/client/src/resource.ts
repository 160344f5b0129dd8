import type { components } from './generated/api.js';

/** A resource of the API by its name, such as Resource<'Product'>. */
export type Resource<Name extends keyof components['schemas']> = components['schemas'][Name];

import type { Component } from '@fissile/kit/contract';

/** The program of an app, or of the monolith, in the form in which `npm start` and the images run it. */
export function appProgram(app: Component | 'monolith'): string {
  return `dist/bundle/${app}.js`;
}

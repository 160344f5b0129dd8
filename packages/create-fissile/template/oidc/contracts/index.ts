import { fileURLToPath } from 'node:url';
import { type AuditActionOf, defineProduct, type ErrorCodeOf } from '@fissile/kit/contract';

/** The description of the whole system, which all its processes share. */
export const product = defineProduct({
  name: '{{title}}',
  description: 'Give an access token of your identity provider to Authorize.',
  contexts: [],{{settingsBlock}}
  // Relative to the compiled file.
  protoFolder: fileURLToPath(new URL('../../contracts', import.meta.url)),
});

declare global {
  namespace Fissile {
    interface ErrorCodes extends Record<ErrorCodeOf<typeof product>, true> {}
    interface AuditActions extends Record<AuditActionOf<typeof product>, true> {}
  }
}

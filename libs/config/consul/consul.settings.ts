import { z } from 'zod';
import { address, textLike } from '../setting-types.js';
import { settings, SettingsGroup } from '../settings.js';
import { tlsErrors, tlsFilesOf, tlsSettings } from '../tls/tls-settings.js';
import type { ConsulAccess } from './consul-client.js';

@SettingsGroup()
export class ConsulSettings extends settings(
  {
    CONSUL_URL: {
      schema: address('http', 'https')
        .refine(
          (url) => !URL.canParse(url) || new URL(url).username === '',
          'expected no user in it: see CONSUL_TOKEN',
        )
        .optional(),
      description: 'Address of the HTTP API of a Consul agent. Without it, Consul is not used.',
    },
    ...tlsSettings('CONSUL', 'the Consul agent'),
    CONSUL_TOKEN: {
      schema: z.string().min(1).optional(),
      description: 'Token for what the access rules of Consul guard.',
      secret: true,
      renewable: true,
    },
    CONSUL_KV_PREFIX: {
      schema: textLike(
        /^[\w.-]+(\/[\w.-]+)*$/,
        'names of letters, digits, _, . and -, with / between them',
      ).default('fissile/config'),
      description:
        'Where settings are in Consul: under PREFIX/NAME for all processes, and under PREFIX/PROCESS/NAME for one process ' +
        'or the one that hosts a context, which wins.',
    },
  },
  (values) => tlsErrors('CONSUL', values),
) {}

/** How Consul is reached; undefined where it is not used. */
export function consulAccessOf(settings: ConsulSettings): ConsulAccess | undefined {
  const { CONSUL_URL: url } = settings;
  if (url === undefined) return undefined;
  return {
    url,
    tls: tlsFilesOf('CONSUL', settings),
    get token() {
      return settings.CONSUL_TOKEN;
    },
  };
}

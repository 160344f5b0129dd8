import { settings, SettingsGroup, wholeNumber } from '@fissile/kit/config';

@SettingsGroup()
export class GatewaySettings extends settings({
  CATALOGUE_FALLBACK_SECONDS: {
    schema: wholeNumber(0, 604_800).default(3_600),
    description:
      'How old an answer of the catalogue may be that the gateway gives while products is away; 0 gives none.',
    live: true,
  },
}) {}

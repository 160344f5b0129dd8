import { settings, SettingsGroup, wholeNumber } from '@fissile/kit/config';

@SettingsGroup()
export class GatewaySettings extends settings({
  CATALOGUE_FALLBACK_SECONDS: {
    schema: wholeNumber(0, 604_800).default(3_600),
    description:
      'The maximum age of a catalogue response that the gateway serves while products is down; 0 serves none.',
    live: true,
  },
}) {}

export { ConsulSettings } from './consul.settings.js';
export type { Refusal, SettingsReader } from './consul-values.js';
export {
  describeSettings,
  type SettingDescription,
  type SettingView,
  viewSettings,
} from './describe-settings.js';
export { CONSUL_STATES, type ConsulState, LiveSettings, type LiveView } from './live-settings.js';
export { LoadedSettings, loadSettings, SettingsError, settingsOf } from './load-settings.js';
export type { LoadedSetting } from './load-settings.js';
export { faultOf, type ReadSettings, SettingsSources } from './settings-sources.js';
export { address, feature, flag, list, positiveNumber, textLike, wholeNumber } from './setting-types.js';
export { knownSettings, settings, SettingsGroup, type Setting, type SettingsClass } from './settings.js';
export { SettingsModule } from './settings.module.js';

export { ConsulClient } from './consul/consul-client.js';
export type { Refusal } from './consul/consul-values.js';
export { ConsulWatch } from './consul/consul-watch.js';
export { consulAccessOf, ConsulSettings } from './consul/consul.settings.js';
export { generationsOf, secretGenerations } from './generations.js';
export {
  describeSettings,
  type SettingDescription,
  type SettingView,
  viewSettings,
} from './describe-settings.js';
export { CONSUL_STATES, type ConsulState, LiveSettings, type LiveView } from './live-settings.js';
export {
  LoadedSettings,
  loadSettings,
  productionErrors,
  SettingsError,
  settingsOf,
} from './load-settings.js';
export { isProduction } from './production.js';
export { address, feature, flag, list, positiveNumber, textLike, wholeNumber } from './setting-types.js';
export type { SettingsPlace } from './local-values.js';
export { errorOf, type ReadSettings, SettingsSources } from './settings-sources.js';
export { SettingsModule } from './settings.module.js';
export { explainTlsFailure, messageWithTls, type TlsSettingNames } from './tls/tls-failure.js';
export { type TlsContents, TlsFiles } from './tls/tls-files.js';
export { TlsReports } from './tls/tls-reports.js';
export { readableFile, tlsErrors, tlsFilesOf, tlsSettings } from './tls/tls-settings.js';
export {
  findSetting,
  knownSettings,
  type ProductionCheck,
  setDefaults,
  settings,
  SettingsGroup,
} from './settings.js';

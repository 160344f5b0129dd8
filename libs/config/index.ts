export { loadSettings, readSettings, settingsOf, SettingsError } from './load-settings.js';
export type { LoadedSetting, LoadedSettings } from './load-settings.js';
export { address, flag, list, positiveNumber, wholeNumber } from './setting-types.js';
export { knownSettings, settings, SettingsGroup, type Setting, type SettingsClass } from './settings.js';
export { SettingsModule } from './settings.module.js';

export { AccountsModule, type AccountsOptions } from './accounts.module.js';

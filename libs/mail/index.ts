export { MailSettings } from './mail.settings.js';
export { type Mail, MailTransport } from './mail-transport.js';

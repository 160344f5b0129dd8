import { Logger } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import type { MailSettings } from '@fissile/kit/mail';

export interface Mail {
  /** The same at each attempt, so that a mailbox can drop a second copy. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export async function sendMail({ SMTP_URL: url, SMTP_FROM: from }: MailSettings, mail: Mail): Promise<void> {
  const { id, ...message } = mail;
  if (url === undefined) {
    Logger.log(`mail ${id} would be sent, if SMTP_URL named a mail server`, 'Mail');
    return;
  }
  const transport = createTransport({ url, disableFileAccess: true, disableUrlAccess: true });
  try {
    await transport.sendMail({ from, ...message, messageId: `<${id}@clinic>` });
  } finally {
    transport.close();
  }
}

import { refused } from '@fissile/kit/contract';

export const notificationErrors = {
  mail_not_found: refused(
    404,
    'There is no such mail',
    'No mail has this id; those to people who have erased their account are gone, and old ones too',
  ),
} as const;

import type { Answer } from '@fissile/api-client';
import type { OperatorApi } from '@fissile/kit/gateway';
import { useSay } from '../shared/notices.tsx';
import { messageOf } from '../shared/product-api.ts';

export type User = Answer<OperatorApi, 'get', '/api/users/{id}'>;

export interface UserFacts {
  readonly user: User;
  readonly sessions: Answer<OperatorApi, 'get', '/api/users/{id}/sessions'>;
  readonly secondFactor: Answer<OperatorApi, 'get', '/api/users/{id}/second-factor'>;
  /** Whether it is the account of who looks at it. */
  readonly isMe: boolean;
}

/** Changes something of a user, and says that it is done, or why it is refused. */
export type UserChange = (send: () => Promise<unknown>, done: string) => void;

/** @param reload shows the user as it is then */
export function useUserChange(reload: () => void): UserChange {
  const say = useSay();
  const change = async (send: () => Promise<unknown>, done: string): Promise<void> => {
    try {
      await send();
      say(done);
    } catch (refusal) {
      say(messageOf(refusal));
    }
    reload();
  };
  return (send, done) => void change(send, done);
}

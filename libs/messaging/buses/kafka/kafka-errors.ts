import { findErrorBy, MultipleErrors } from '@platformatic/kafka';

/** Whether the broker returned this error, such as TOPIC_ALREADY_EXISTS, for some part of a request. */
export function isAnswer(error: unknown, id: string): boolean {
  return error instanceof Error && findErrorBy(error, 'apiId', id) !== null;
}

/** Whether the cluster does not support what was requested. */
export function isUnsupported(error: unknown): boolean {
  return error instanceof Error && findErrorBy(error, 'code', 'PLT_KFK_UNSUPPORTED_API') !== null;
}

/** The cause of the error, in one line; the client wraps it several times. */
export function reasonOf(error: unknown): string {
  if (error instanceof MultipleErrors) {
    const [cause] = error.errors as unknown[];
    if (cause !== undefined) return reasonOf(cause);
  }
  return error instanceof Error ? error.message : String(error);
}

import { AuthenticationError, findErrorBy, MultipleErrors } from '@platformatic/kafka';

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
  if (!(error instanceof Error)) return String(error);
  // Without it, a wrong password looks like a broker that is away.
  const { cause } = error;
  return cause instanceof AuthenticationError ? `${error.message} ${cause.message}` : error.message;
}

interface FailedConnections {
  on(
    event: 'client:broker:failed',
    listener: (failed: { connection?: { on(event: 'error', listener: () => void): unknown } }) => void,
  ): unknown;
}

/** A connection that is lost while it signs in reports it twice, the second time to nobody, which would end the process. */
export function ignoreLaterErrors(client: FailedConnections): void {
  client.on('client:broker:failed', ({ connection }) => connection?.on('error', () => undefined));
}

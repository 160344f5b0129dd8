import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { CLIENT_REQUEST_ID, REQUEST_ID } from '@fissile/kit/request';

/** Ids that clients may choose: no way to smuggle anything into headers or logs. */
const ACCEPTABLE_REQUEST_ID = /^[A-Za-z0-9._:-]{1,100}$/;

/** At the edge an id of ours, which no client can choose; behind it the gateway's. */
export function requestIdOf({ headers }: IncomingMessage, isEdge: boolean): string {
  return (isEdge ? undefined : acceptable(headers[REQUEST_ID])) ?? randomUUID();
}

/** The id that the client gave the request; the gateway passes it on. */
export function clientRequestIdOf(
  { headers }: Pick<IncomingMessage, 'headers'>,
  isEdge: boolean,
): string | undefined {
  return acceptable(headers[isEdge ? REQUEST_ID : CLIENT_REQUEST_ID]);
}

function acceptable(id: string | string[] | undefined): string | undefined {
  return typeof id === 'string' && ACCEPTABLE_REQUEST_ID.test(id) ? id : undefined;
}

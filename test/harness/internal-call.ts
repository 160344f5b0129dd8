import { credentials, makeGenericClientConstructor, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { Contract } from '@fissile/kit/contract';

/** A method of a contract at the gRPC port of a process. */
export interface InternalCall {
  /** host:port */
  readonly address: string;
  readonly contract: Contract;
  /** Its name in TypeScript. */
  readonly method: string;
  readonly request?: object;
  readonly headers: Readonly<Record<string, string>>;
}

/** Calls as any gRPC client does. @returns the code of the error that came back; `ok` when there was none */
export function callInternally(call: InternalCall): Promise<string> {
  const { address, contract, method, request = {}, headers } = call;
  const { fullName, methods } = contract.definition;
  const { name = '', requestType } = methods[method] ?? {};
  const message = requestType?.encode(requestType.fromPartial(request as never) as never).finish();
  const client = new (makeGenericClientConstructor({}, 'caller'))(address, credentials.createInsecure());
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(headers)) metadata.set(key, value);
  const asIs = (bytes: Buffer): Buffer => bytes;
  return new Promise((resolve) => {
    const answered = (error: ServiceError | null): void => {
      client.close();
      resolve(error ? (/^([a-z_]+): /.exec(error.details)?.[1] ?? error.details) : 'ok');
    };
    const body = Buffer.from(message ?? []);
    client.makeUnaryRequest(
      `/${fullName}/${name}`,
      asIs,
      asIs,
      body,
      metadata,
      { deadline: Date.now() + 10_000 },
      answered,
    );
  });
}

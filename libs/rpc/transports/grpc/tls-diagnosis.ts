import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';
import { explainTlsFailure, type TlsContents, type TlsFiles } from '@fissile/kit/config';
import type { CallTarget } from '../rpc.js';

const WITHIN_MS = 3_000;
const CERT = 'INTERNAL_TLS_CERT_FILE';

/**
 * Why a process cannot be reached by TLS, found by a connection of our own: the library only says that there is none. Undefined
 * when TLS is not why.
 */
export async function diagnoseTls(
  target: Pick<CallTarget, 'address' | 'port'>,
  files: TlsFiles,
): Promise<string | undefined> {
  try {
    const contents = files.read();
    const outcome = await tryToConnect(target, contents);
    if (outcome === 'served' || outcome === 'silent') return undefined;
    if (outcome === 'closed') return refusedCertificate(contents);
    return explainTlsFailure('INTERNAL', outcome);
  } catch (error) {
    return `the files of INTERNAL_TLS_… cannot be used: ${(error as Error).message}`;
  }
}

/** A server speaks first, by its settings of HTTP/2, but for one that ends the connection since it does not trust this side. */
function tryToConnect(
  { address: host, port }: Pick<CallTarget, 'address' | 'port'>,
  contents: TlsContents,
): Promise<Error | 'served' | 'closed' | 'silent'> {
  const options: ConnectionOptions = { host, port, ...contents, ALPNProtocols: ['h2'] };
  if (isIP(host) === 0) options.servername = host;
  return new Promise((resolve) => {
    let isSecured = false;
    const socket = connect(options, () => (isSecured = true));
    const end = (outcome: Error | 'served' | 'closed' | 'silent'): void => {
      resolve(outcome);
      socket.destroy();
    };
    socket.setTimeout(WITHIN_MS, () => end('silent'));
    socket.once('data', () => end('served'));
    socket.on('error', (error) =>
      end(isSecured && explainTlsFailure('INTERNAL', error) === undefined ? 'closed' : error),
    );
    socket.once('close', () => end(isSecured ? 'closed' : 'silent'));
  });
}

function refusedCertificate({ cert }: TlsContents): string {
  const expiry = cert && new X509Certificate(cert).validToDate;
  if (expiry && expiry.getTime() < Date.now())
    return `the certificate of this process has expired (${CERT}, ${expiry.toISOString()})`;
  return `the server does not trust the certificate of this process: the server's INTERNAL_TLS_CA_FILE has to name the authority of ${CERT}`;
}

import { ChannelCredentials, experimental, ServerCredentials } from '@grpc/grpc-js';
import type { TlsFiles } from '@fissile/kit/config';

const LOOK_EVERY_MS = 1_000;

/** Each side shows a certificate and checks that of the other; the files are read again when they change. */
function providerOf({ paths: { ca, cert, key } }: TlsFiles) {
  return new experimental.FileWatcherCertificateProvider({
    caCertificateFile: ca,
    certificateFile: cert,
    privateKeyFile: key,
    refreshIntervalMs: LOOK_EVERY_MS,
  });
}

export function channelCredentials(files: TlsFiles | undefined): ChannelCredentials {
  if (!files) return ChannelCredentials.createInsecure();
  const provider = providerOf(files);
  return experimental.createCertificateProviderChannelCredentials(provider, provider);
}

export function serverCredentials(files: TlsFiles | undefined): ServerCredentials {
  if (!files) return ServerCredentials.createInsecure();
  const provider = providerOf(files);
  return experimental.createCertificateProviderServerCredentials(provider, provider, true);
}

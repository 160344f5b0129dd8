/** How OpenSSL and Node say that the certificate of a server cannot be trusted. */
const UNTRUSTED =
  /SELF_SIGNED_CERT|UNABLE_TO_(VERIFY|GET_ISSUER)|CERT_(SIGNATURE_FAILURE|UNTRUSTED)|self-signed certificate|unable to (verify the first|get (local )?issuer) certificate/;
const OTHER_NAME = /ERR_TLS_CERT_ALTNAME_INVALID|does not match certificate's altnames/;
const EXPIRED = /CERT_HAS_EXPIRED|certificate has expired/;
const CERTIFICATE_WANTED =
  /CERTIFICATE_REQUIRED|certificate required|connection requires a valid client certificate|bad certificate/i;

/** The message of an error, with that of what caused it, to the end. */
function whole(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  const inner = error instanceof AggregateError ? error.errors.map(whole) : [];
  return [String(code), error.message, ...inner, error.cause === undefined ? '' : whole(error.cause)].join(
    ' ',
  );
}

/** The settings of a connection's files, where they are not named `<X>_TLS_CA_FILE` and so on. */
export interface TlsSettingNames {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

function namesOf(names: string | TlsSettingNames): TlsSettingNames {
  if (typeof names !== 'string') return names;
  return { ca: `${names}_TLS_CA_FILE`, cert: `${names}_TLS_CERT_FILE`, key: `${names}_TLS_KEY_FILE` };
}

/**
 * What an operator can do about a connection that TLS has refused, naming the setting; undefined for other errors.
 * @param names the start of the names of the settings, such as `REDIS`, or the names
 */
export function explainTlsFailure(names: string | TlsSettingNames, error: unknown): string | undefined {
  const text = whole(error);
  const { ca, cert, key } = namesOf(names);
  if (UNTRUSTED.test(text))
    return `the server's certificate is of an authority that is not trusted here: ${ca} has to name a file with the authority's certificate`;
  if (OTHER_NAME.test(text))
    return `the server's certificate is for another name than the one that it is connected to by: it has to list that name, or the address has to use one of its names (${ca} is trusted)`;
  if (EXPIRED.test(text)) return `the server's certificate has expired (${ca})`;
  if (CERTIFICATE_WANTED.test(text))
    return `the server asks for a client certificate that it trusts: ${cert} and ${key}`;
  return undefined;
}

/** The message of an error for a log or a failed start; of one that TLS has caused, with what to do about it. */
export function messageWithTls(name: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const explained = explainTlsFailure(name, error);
  return explained === undefined ? message : `${message} (${explained})`;
}

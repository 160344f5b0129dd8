/** The options with which @nats-io/transport-node connects to NATS_URL. */
export function natsConnectionOptions(url: string) {
  const { username, password, host, protocol } = new URL(url);
  return {
    servers: [host],
    ...(username !== '' && { user: decodeURIComponent(username), pass: decodeURIComponent(password) }),
    ...(protocol === 'tls:' && { tls: {} }),
    timeout: 3_000,
  };
}

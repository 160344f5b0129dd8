export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  // The body can be anything; a test says at once when it is not what it expects.
  readonly body: any;
}

export interface CallOptions {
  /** Sent as JSON; text is sent as it is. */
  readonly body?: unknown;
  /** An access token. */
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Sends one request and reads the answer, as JSON where it says so. */
export async function sendRequest(
  url: string,
  method: string,
  path: string,
  { body, token, headers }: CallOptions,
): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: isJson && text ? JSON.parse(text) : text,
  };
}

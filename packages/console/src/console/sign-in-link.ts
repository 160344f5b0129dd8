import { ApiProblem } from '@fissile/api-client';
import { useEffect, useState } from 'preact/hooks';
import { messageOf } from '../shared/product-api.ts';
import { provider, send, session } from './product.ts';

/** Signs in by the link that a start in development shows. @returns why that did not work */
export function useSignInLink(): string | undefined {
  const [fault, setFault] = useState<string>();
  useEffect(() => {
    const take = (): void => {
      const token = takeToken();
      if (token === undefined) return;
      setFault(undefined);
      signIn(token).catch((error: unknown) => setFault(messageOf(error)));
    };
    take();
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, []);
  return fault;
}

function takeToken(): string | undefined {
  const [, token] = /^#sign-in=(.+)$/.exec(location.hash) ?? [];
  // It has no place in the address bar and the history of the browser.
  if (token !== undefined) history.replaceState(null, '', location.pathname);
  return token;
}

async function signIn(token: string): Promise<void> {
  const request = new Request('/api/auth/sign-in-link', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  const response = await send(request);
  if (!response.ok) throw new ApiProblem('The link', response, await response.json().catch(() => ({})));
  provider.forget();
  session.begin(await response.json());
}

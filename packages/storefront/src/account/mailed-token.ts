import { useEffect, useState } from 'preact/hooks';

/** What the link of a mail is for: to confirm an address, or to choose a new password. */
export interface MailedToken {
  readonly purpose: 'verify' | 'reset';
  readonly token: string;
  /** Differs each time a link is opened in this tab, also when it is the same link. */
  readonly key: number;
}

/** The token of the link that led here, also when another link is opened in the same tab; undefined without one. */
export function useMailedToken(): MailedToken | undefined {
  const [mailed, setMailed] = useState(() => takeToken(0));
  useEffect(() => {
    // A change that brings no token, such as to #main, leaves the page as it is.
    const changed = (): void => setMailed((before) => takeToken((before?.key ?? 0) + 1) ?? before);
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return mailed;
}

function takeToken(key: number): MailedToken | undefined {
  const [, purpose, token] = /^#(verify|reset)=(.+)$/.exec(location.hash) ?? [];
  if (token === undefined) return undefined;
  // It has no place in the address bar and the history of the browser.
  history.replaceState(null, '', location.pathname);
  return { purpose: purpose as MailedToken['purpose'], token, key };
}

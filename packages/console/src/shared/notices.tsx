import { createContext } from 'preact';
import { useCallback, useContext, useEffect, useState } from 'preact/hooks';

const SAY_FOR_MS = 6_000;

/** Says something that has happened, to eyes and to screen readers. */
export const Say = createContext<(text: string) => void>(() => undefined);

export const useSay = (): ((text: string) => void) => useContext(Say);

/** Where it is said. It is always there: a region that appears with its text is not read. */
export function Notice({ text }: { text: string }) {
  return (
    <div class="notice" role="status" aria-live="polite">
      {text && <p>{text}</p>}
    </div>
  );
}

/** Why something does not work. */
export function Fault({ text }: { text: string | undefined }) {
  return <div role="alert">{text !== undefined && <p class="fault">{text}</p>}</div>;
}

/** What was said last, until some time has passed or another page is opened. */
export function useNotice(): [string, (text: string) => void] {
  const [notice, setNotice] = useState({ text: '', number: 0 });
  useEffect(() => {
    const clear = (): void => setNotice({ text: '', number: 0 });
    const timer = setTimeout(clear, SAY_FOR_MS);
    addEventListener('hashchange', clear);
    return () => {
      clearTimeout(timer);
      removeEventListener('hashchange', clear);
    };
  }, [notice.number]);
  const say = useCallback((text: string) => setNotice(({ number }) => ({ text, number: number + 1 })), []);
  return [notice.text, say];
}

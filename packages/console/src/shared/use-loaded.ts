import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { messageOf } from './product-api.ts';

export interface Loaded<T> {
  readonly value: T | undefined;
  readonly error: string | undefined;
  readonly isLoading: boolean;
  reload(): void;
}

/** Loads when the page is shown, and again whenever what it depends on changes. An answer that comes too late is dropped. */
export function useLoaded<T>(load: () => Promise<T>, dependencies: readonly unknown[]): Loaded<T> {
  const [value, setValue] = useState<T>();
  const [error, setError] = useState<string>();
  const [isLoading, setLoading] = useState(true);
  const latest = useRef(0);
  const reload = useCallback(() => {
    const request = ++latest.current;
    setLoading(true);
    load()
      .then((answer) => {
        if (request !== latest.current) return;
        setValue(answer);
        setError(undefined);
      })
      .catch((thrown: unknown) => {
        if (request === latest.current) setError(messageOf(thrown));
      })
      .finally(() => {
        if (request === latest.current) setLoading(false);
      });
  }, dependencies);
  useEffect(() => {
    reload();
    return () => void (latest.current += 1);
  }, [reload]);
  return { value, error, isLoading, reload };
}

/** Calls again and again while the page can be seen and `isOn`. */
export function useEvery(milliseconds: number, work: () => void, isOn = true): void {
  const current = useRef(work);
  current.current = work;
  useEffect(() => {
    if (!isOn) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') current.current();
    }, milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds, isOn]);
}

import { useEffect, useState } from 'preact/hooks';

/** The parts of the address behind the #: `#/orders/17` is ['orders', '17']. One page serves them all. */
export function useRoute(): readonly string[] {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = (): void => setHash(location.hash);
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return (
    hash
      .replace(/^#\/?/, '')
      // The filters of a page: see use-query.ts.
      .replace(/\?.*$/s, '')
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent)
  );
}

/** Puts the focus on the heading of a page that has just been opened, where a screen reader goes on reading. */
export function useHeadingFocus(page: string): void {
  const [first] = useState(page);
  const [moved, setMoved] = useState(false);
  useEffect(() => {
    if (!moved && page === first) return;
    setMoved(true);
    document.querySelector<HTMLElement>('h1')?.focus();
  }, [page]);
}

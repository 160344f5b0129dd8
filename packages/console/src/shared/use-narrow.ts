import { useEffect, useState } from 'preact/hooks';

/** As in the stylesheets. */
const NARROW = '(width < 40rem)';

/** Whether the page is on a narrow screen, such as that of a phone. */
export function useNarrow(): boolean {
  const [isNarrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const changed = (): void => setNarrow(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  return isNarrow;
}

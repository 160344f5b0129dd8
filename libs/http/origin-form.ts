const ABSOLUTE = /^https?:\/\/[^/?#]*/i;
const ESCAPE = /%[0-9a-f]{2}/gi;
const UNRESERVED = /[\w.~-]/;

/**
 * One spelling for each request target, so that limits, deadlines, routes and the contexts behind a gateway see the same: the
 * origin form of RFC 9112, section 3.2, its path with no more escapes than RFC 3986, section 6.2.2, asks for. A fragment, which
 * no client sends, is dropped. An escape that is none stays, and is refused by the router.
 */
export function originForm(target: string): string {
  const [relative = ''] = target.replace(ABSOLUTE, '').split('#', 1);
  const at = relative.indexOf('?');
  const path = at < 0 ? relative : relative.slice(0, at);
  const query = at < 0 ? '' : relative.slice(at);
  return (path === '' ? '/' : path.replace(ESCAPE, unescaped)) + query;
}

function unescaped(escape: string): string {
  const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
  return UNRESERVED.test(character) ? character : escape.toUpperCase();
}

const escapeOf = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`;

/** The ways to write a path that may lead to the same route: made of it, not listed. */
export function spellingsOf(path: string): string[] {
  const escapes = Array.from(path, (character, at) =>
    character === '/'
      ? []
      : [escapeOf(character), escapeOf(character).toLowerCase()].map(
          (escape) => `${path.slice(0, at)}${escape}${path.slice(at + 1)}`,
        ),
  ).flat();
  const whole = path.replace(/[^/]/g, escapeOf);
  return [path, ...escapes, whole].flatMap((each) => [
    each,
    `${each}?a=1`,
    `${each}#part`,
    `${each}#?a=1`,
    `http://anything.example${each}`,
    `HTTPS://anything.example:8443${each}`,
  ]);
}

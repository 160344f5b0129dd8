import { shortId } from './format.ts';

/** The end of an id, which is enough to tell one from another, as a link to what has it. */
export function IdLink({ id, href }: { id: string; href: string }) {
  return (
    <a class="id" href={href}>
      …{shortId(id)}
    </a>
  );
}

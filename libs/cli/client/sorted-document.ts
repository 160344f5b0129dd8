interface OpenApi {
  readonly paths: object;
  readonly components?: { readonly schemas?: object };
}

/**
 * Sorts paths and schemas by name: the order in which they are served depends on which process hosts which context.
 */
export function sortDocument(document: object): object {
  const { paths, components, ...rest } = document as OpenApi;
  return {
    ...rest,
    paths: sorted(paths),
    components: { ...components, schemas: sorted(components?.schemas ?? {}) },
  };
}

function sorted(object: object): object {
  return Object.fromEntries(Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1)));
}

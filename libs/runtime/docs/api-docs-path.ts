/** Where a process tells the API of what it hosts; at the edge, that of the whole product. */
export const DOCS_JSON = '/docs-json';

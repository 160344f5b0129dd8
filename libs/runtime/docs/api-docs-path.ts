/** The path of the OpenAPI document of what a process hosts; at the edge, that of the whole product. */
export const DOCS_JSON = '/docs-json';

/** The path of the OpenAPI document of what a process hosts; at the edge, that of the whole product. */
export const DOCS_JSON = '/docs-json';

/** The path of the AsyncAPI document of the events of the whole product, at the edge. */
export const EVENTS_JSON = '/docs-events-json';

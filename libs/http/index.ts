export { ApiProblems } from './api-problems.js';
export { checkVersion, IfMatch, parseIfMatch, setEntityTag, type ExpectedVersions } from './entity-tag.js';
export { IdempotencyKey } from './idempotency-key.js';
export { pageOf, pageQuery, PageQuery, readCursor, toPage, type Page } from './pagination.js';
export { Problem, toProblem } from './problem.js';
export { ProblemFilter } from './problem.filter.js';
export { textBlock, textLine } from './text.js';
export { Id, RequestInvalid, validationPipe, type FieldError } from './validation.js';
export { HttpSettings } from './http.settings.js';

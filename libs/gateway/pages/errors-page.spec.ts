import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { knownErrorCodes } from '@fissile/kit/contract';
import { errorEntries, errorsToHtml } from './errors-page.js';

describe('The page of errors', () => {
  it('has a section for each code, which the type of a problem leads to', () => {
    const html = errorsToHtml('Bits & Bobs', errorEntries());
    for (const code of knownErrorCodes()) assert.match(html, new RegExp(`<section id="${code}">`));
    assert.match(html, /<h1>Errors of Bits &#38; Bobs<\/h1>/);
  });

  it('shows what is code as code, and nothing as markup', () => {
    const entry = { code: 'a', status: 409, title: 'A <b>', detail: 'Send `If-Match`', retryable: true };
    const html = errorsToHtml('x', [entry]);
    assert.match(html, /<strong>A &#60;b&#62;\.<\/strong> Status 409\. It may pass/);
    assert.match(html, /<p>Send <code>If-Match<\/code>\.<\/p>/);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineContext, defineProduct } from '@fissile/kit/contract';
import { pageLinksOf } from '@fissile/kit/operations';
import { startPageOf, toHtml } from './start-page.js';

const described = (pages: { name: string; path: string }[]) =>
  defineProduct({
    name: 'Bits & Bobs',
    description: 'Sells <parts>.',
    contexts: [defineContext({ name: 'alpha' })],
    pages,
  });

describe('The start page', () => {
  it('leads to the pages of the product first, and to what every gateway has', () => {
    const { links } = startPageOf(described([{ name: 'desk', path: '/desk' }]), true);
    assert.deepEqual(
      links.map(({ path }) => path),
      ['/desk', '/console', '/docs', '/health'],
    );
  });

  it('shows nothing of operators where they have a port of their own', () => {
    const { links } = startPageOf(described([{ name: 'desk', path: '/desk' }]), false);
    assert.deepEqual(links, [{ name: 'desk', path: '/desk' }]);
  });

  it('has a page once that the product has in place of the kit’s', () => {
    const links = pageLinksOf(described([{ name: 'cockpit', path: '/console' }]));
    assert.deepEqual(
      links.map(({ name, isForOperators }) => [name, isForOperators]),
      [
        ['cockpit', true],
        ['docs', true],
      ],
    );
  });

  it('takes nothing of the description for markup', () => {
    const html = toHtml(startPageOf(described([]), true));
    assert.match(html, /<h1>Bits &#38; Bobs<\/h1>\n<p>Sells &#60;parts&#62;\.<\/p>/);
  });
});

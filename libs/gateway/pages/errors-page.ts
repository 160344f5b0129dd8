import { knownErrorCodes, requireError } from '@fissile/kit/contract';
import { escaped, htmlPage } from './html-page.js';

/** What clients may know of an error. */
export interface ErrorEntry {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly retryable: boolean;
}

/** Every error of the kit and of the product, by code. */
export function errorEntries(): ErrorEntry[] {
  return knownErrorCodes().map((code) => {
    const { status, title, detail = title, retryable } = requireError(code);
    return { code, status, title, detail, retryable };
  });
}

/** The page that the `type` of each problem leads to. */
export function errorsToHtml(product: string, entries: readonly ErrorEntry[]): string {
  return htmlPage(`Errors of ${product}`, entries.map(sectionOf).join('\n'));
}

function sectionOf({ code, status, title, detail, retryable }: ErrorEntry): string {
  const more = detail === title ? '' : `\n<p>${withCode(detail)}.</p>`;
  const retry = retryable ? ' It may pass: the same request can be sent again.' : '';
  return `<section id="${code}">
<h2><a href="#${code}"><code>${code}</code></a></h2>
<p><strong>${escaped(title)}.</strong> Status ${status}.${retry}</p>${more}
</section>`;
}

function withCode(text: string): string {
  return escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

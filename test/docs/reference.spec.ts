import { Ajv } from 'ajv';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { knownErrorCodes, requireError } from '@fissile/kit/contract';
import { CONTEXTS } from '#contracts';
import { API_PAGE, makeApiPage } from '../../tools/reference-docs/api-page.js';
import { CALLERS_PAGE, makeCallersPage } from '../../tools/reference-docs/callers-page.js';
import { ERRORS_PAGE, makeErrorsPage } from '../../tools/reference-docs/errors-page.js';
import {
  allEvents,
  EVENTS_DOCUMENT,
  EVENTS_PAGE,
  makeEventsDocument,
  makeEventsPage,
} from '../../tools/reference-docs/events-page.js';

function differences(page: string, made: string): { missing: string[]; outdated: string[] } {
  const [written, wanted] = [readFileSync(page, 'utf8').split('\n'), made.split('\n')];
  return {
    missing: wanted.filter((line) => !written.includes(line)),
    outdated: written.filter((line) => !wanted.includes(line)),
  };
}

const NONE = { missing: [], outdated: [] };

describe('The reference pages', () => {
  it(`${API_PAGE} lists the routes of the OpenAPI document; else run npm run reference:docs`, () => {
    assert.deepEqual(differences(API_PAGE, makeApiPage()), NONE);
  });

  it(`${CALLERS_PAGE} lists who may call each method; else run npm run reference:docs`, () => {
    assert.deepEqual(differences(CALLERS_PAGE, makeCallersPage()), NONE);
  });

  it(`${ERRORS_PAGE} has a section for each error; else run npm run reference:docs`, () => {
    assert.deepEqual(differences(ERRORS_PAGE, makeErrorsPage()), NONE);
  });

  it('say of each error more than its title', () => {
    const bare = knownErrorCodes().filter((code) => {
      const { title, detail = '' } = requireError(code);
      return detail.length < 15 || detail === title;
    });
    assert.deepEqual(bare, []);
  });

  it(`${EVENTS_PAGE} lists every event and who handles it; else run npm run reference:docs`, () => {
    assert.deepEqual(differences(EVENTS_PAGE, makeEventsPage()), NONE);
  });

  it(`${EVENTS_DOCUMENT} is the AsyncAPI document of the events; else run npm run reference:docs`, () => {
    assert.deepEqual(differences(EVENTS_DOCUMENT, makeEventsDocument()), NONE);
  });

  it(`${EVENTS_DOCUMENT} is valid AsyncAPI, by its official schema`, () => {
    const schema = JSON.parse(
      readFileSync('node_modules/@asyncapi/specs/schemas/3.0.0-without-$id.json', 'utf8'),
    ) as object;
    const isValid = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    const document = JSON.parse(readFileSync(EVENTS_DOCUMENT, 'utf8')) as { info?: object };
    assert.ok(isValid(document), JSON.stringify(isValid.errors));
    assert.ok(!isValid({ ...document, info: {} }), 'a document without a title is none');
  });

  it('say of each event what has happened, and belong to a context', () => {
    const events = allEvents();
    assert.ok(events.length > 5, 'the events are found');
    const bare = events.filter(
      ({ name, schema }) =>
        !/^[A-Z].{10,}\.$/.test(schema.description ?? '') ||
        !(CONTEXTS as readonly string[]).includes(name.split('.')[0] ?? ''),
    );
    assert.deepEqual(
      bare.map(({ name }) => name),
      [],
    );
  });
});

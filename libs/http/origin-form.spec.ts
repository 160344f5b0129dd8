import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { originForm } from './origin-form.js';

describe('The origin form of a request target', () => {
  const cases = [
    ['/api/alpha?a=1', '/api/alpha?a=1'],
    ['http://anything/api/alpha?a=1', '/api/alpha?a=1'],
    ['HTTPS://user@host:8080/api/alpha', '/api/alpha'],
    ['http://host', '/'],
    ['http://host?a=1', '/?a=1'],
    ['/api/alpha#part', '/api/alpha'],
    ['/api/alpha#?a=1', '/api/alpha'],
    ['/api/%61lpha', '/api/alpha'],
    ['/%2e/%7Ealpha', '/./~alpha'],
    ['/api%2falpha', '/api%2Falpha'],
    ['/api/alpha?%61=%2f', '/api/alpha?%61=%2f'],
    ['/api/%zz', '/api/%zz'],
    ['/a%C3%A4', '/a%C3%A4'],
    ['*', '*'],
    ['', '/'],
  ] as const;
  for (const [target, expected] of cases) {
    it(`of ${target || 'nothing'} is ${expected}`, () => assert.equal(originForm(target), expected));
  }
});

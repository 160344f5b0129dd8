import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RouteRules } from './route-rules.js';

describe('Rules for routes', () => {
  let written = [
    'POST /api/alpha/login=5/50',
    'GET /api/beta/notes?q=3',
    'POST /api/alpha/runs/:id/cancel=1/2',
    'POST /api/auth/login=3/4',
  ];
  const rules = new RouteRules(() => written);
  const found = (method: string, url: string) => rules.find({ method, url })?.value;

  it('match a method and a path, whatever the query', () => {
    assert.equal(found('POST', '/api/alpha/login'), '5/50');
    assert.equal(found('POST', '/api/alpha/login?a=b'), '5/50');
    assert.equal(found('GET', '/api/alpha/login'), undefined);
    assert.equal(found('POST', '/api/alpha/login/more'), undefined);
    assert.equal(found('POST', '/more/api/alpha/login'), undefined);
  });

  it('hold for any value of a part that has a name', () => {
    assert.equal(found('POST', '/api/alpha/runs/7/cancel'), '1/2');
    assert.equal(found('POST', '/api/alpha/runs/7/8/cancel'), undefined);
  });

  it('hold for requests with a parameter, where they name one', () => {
    assert.equal(found('GET', '/api/beta/notes?limit=2&q=red'), '3');
    assert.equal(found('GET', '/api/beta/notes?%71=red'), '3');
    assert.equal(found('GET', '/api/beta/notes?limit=2'), undefined);
  });

  it('cannot be got around by another way to write the path', () => {
    assert.equal(found('POST', '/api/alpha/%6Cogin'), '5/50');
    assert.equal(found('POST', '/%61pi/alpha/login'), '5/50');
    assert.equal(found('POST', '/api/alpha/%'), undefined, 'an undecodable path matches no rule');
  });

  it('hold for what a page asks as for what an API client does', () => {
    assert.equal(found('POST', '/api/auth/pages/console/login'), '3/4');
    assert.equal(found('POST', '/api/auth/p%61ges/console/login'), '3/4');
    assert.equal(found('POST', '/api/auth/pages/console/refresh'), undefined);
    assert.equal(found('POST', '/api/auth/pages/login'), undefined);
  });

  it('are those of the moment', () => {
    written = ['POST /api/alpha/login=1/1'];
    assert.equal(found('POST', '/api/alpha/login'), '1/1');
  });
});

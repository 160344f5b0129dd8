import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RouteRules } from './route-rules.js';

describe('Rules for routes', () => {
  let written = [
    'POST /api/alpha/enter=5/50',
    'GET /api/beta/notes?q=3',
    'POST /api/alpha/runs/:id/cancel=1/2',
  ];
  const rules = new RouteRules(() => written);
  const found = (method: string, url: string) => rules.find({ method, url })?.value;

  it('hold for a method and a path, whatever is asked of it', () => {
    assert.equal(found('POST', '/api/alpha/enter'), '5/50');
    assert.equal(found('POST', '/api/alpha/enter?a=b'), '5/50');
    assert.equal(found('GET', '/api/alpha/enter'), undefined);
    assert.equal(found('POST', '/api/alpha/enter/more'), undefined);
    assert.equal(found('POST', '/more/api/alpha/enter'), undefined);
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
    assert.equal(found('POST', '/api/alpha/%65nter'), '5/50');
    assert.equal(found('POST', '/%61pi/alpha/enter'), '5/50');
    assert.equal(found('POST', '/api/alpha/%'), undefined, 'what cannot be read leads nowhere either');
  });

  it('are those of the moment', () => {
    written = ['POST /api/alpha/enter=1/1'];
    assert.equal(found('POST', '/api/alpha/enter'), '1/1');
  });
});

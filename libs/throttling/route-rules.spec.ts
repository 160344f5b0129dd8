import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RouteRules } from './route-rules.js';

describe('Rules for routes', () => {
  let written = ['POST /api/auth/login=5/50', 'GET /api/products?q=3', 'POST /api/orders/:id/cancel=1/2'];
  const rules = new RouteRules(() => written);
  const found = (method: string, url: string) => rules.find({ method, url })?.value;

  it('hold for a method and a path, whatever is asked of it', () => {
    assert.equal(found('POST', '/api/auth/login'), '5/50');
    assert.equal(found('POST', '/api/auth/login?a=b'), '5/50');
    assert.equal(found('GET', '/api/auth/login'), undefined);
    assert.equal(found('POST', '/api/auth/login/more'), undefined);
    assert.equal(found('POST', '/more/api/auth/login'), undefined);
  });

  it('hold for any value of a part that has a name', () => {
    assert.equal(found('POST', '/api/orders/7/cancel'), '1/2');
    assert.equal(found('POST', '/api/orders/7/8/cancel'), undefined);
  });

  it('hold for requests with a parameter, where they name one', () => {
    assert.equal(found('GET', '/api/products?limit=2&q=tea'), '3');
    assert.equal(found('GET', '/api/products?%71=tea'), '3');
    assert.equal(found('GET', '/api/products?limit=2'), undefined);
  });

  it('cannot be got around by another way to write the path', () => {
    assert.equal(found('POST', '/api/auth/%6Cogin'), '5/50');
    assert.equal(found('POST', '/%61pi/auth/login'), '5/50');
    assert.equal(found('POST', '/api/auth/%'), undefined, 'what cannot be read leads nowhere either');
  });

  it('are those of the moment', () => {
    written = ['POST /api/auth/login=1/1'];
    assert.equal(found('POST', '/api/auth/login'), '1/1');
  });
});

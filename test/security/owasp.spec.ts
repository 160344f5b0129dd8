import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { probeObjects } from './api01-objects.js';
import { probeAuthentication } from './api02-authentication.js';
import { probeProperties } from './api03-properties.js';
import { probeConsumption } from './api04-consumption.js';
import { probeFunctions } from './api05-functions.js';
import { probeFlows } from './api06-flows.js';
import { probeRequestForgery } from './api07-request-forgery.js';
import { probeConfiguration } from './api08-configuration.js';
import { probeInventory } from './api09-inventory.js';
import { probeConsumedApis } from './api10-consumed-apis.js';
import { probeCaches } from './caches.js';
import { probePageSessions } from './page-sessions.js';
import { probeText } from './text-as-sent.js';
import { probeWebhooks } from './webhooks.js';
import { probeRequests } from './requests.js';
import { ProbedShop } from './probed-shop.js';

/** The OWASP API Security Top 10 of 2023. */
const ITEMS = [
  ['API1 Broken object level authorisation', probeObjects],
  ['API2 Broken authentication', probeAuthentication],
  ['API3 Broken object property level authorisation', probeProperties],
  ['API4 Unrestricted resource consumption', probeConsumption],
  ['API5 Broken function level authorisation', probeFunctions],
  ['API6 Unrestricted access to sensitive business flows', probeFlows],
  ['API7 Server side request forgery', probeRequestForgery],
  ['API8 Security misconfiguration', probeConfiguration],
  ['API9 Improper inventory management', probeInventory],
  ['API10 Unsafe consumption of APIs', probeConsumedApis],
] as const;

/** What the ten do not name. */
const OTHERS = [
  ['Text and numbers', probeText],
  ['Requests and connections', probeRequests],
  ['Caches and browsers', probeCaches],
  ['Webhooks', probeWebhooks],
  ['Sessions of pages', probePageSessions],
] as const;

for (const topology of ['monolith', 'split']) {
  describe(`Security of the shop, ${topology}`, () => {
    let probed: ProbedShop;

    before(async () => {
      probed = await ProbedShop.start(topology);
    });

    after(() => probed.close());

    for (const [name, probe] of [...ITEMS, ...OTHERS]) describe(name, () => probe(() => probed));

    it('no process has ended, whatever was tried', () => {
      assert.doesNotMatch(probed.shop.output, /\| ended with .*/);
    });
  });
}

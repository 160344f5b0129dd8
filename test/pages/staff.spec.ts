import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { queryServer, until } from '@fissile/kit/testing';
import { expectAccessible } from '../harness/accessible-page.js';
import { Api, type Customer } from '../harness/api.js';
import { hasBrowser, openBrowser, PATIENCE_MS } from '../harness/browser.js';
import { ADMIN, Shop } from '../harness/shop.js';
import { signInAt } from '../harness/sign-in-form.js';

describe('The staff of the shop', { skip: !hasBrowser() }, () => {
  let shop: Shop;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let api: Api;
  let admin: string;
  let customer: Customer;
  const complaints: string[] = [];

  before(async () => {
    [shop, browser] = await Promise.all([Shop.start(), openBrowser()]);
    api = new Api(shop);
    admin = await api.admin();
    customer = await api.customer();
    context = await browser.newContext({ baseURL: shop.url, reducedMotion: 'reduce' });
    context.setDefaultTimeout(PATIENCE_MS);
    page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto('/shop#/staff');
    await signInAt(page, ADMIN);
    await heading('Orders');
  });

  after(async () => {
    await browser?.close();
    await shop?.close();
  });

  const heading = (name: string | RegExp): Promise<void> =>
    page.getByRole('heading', { level: 1, name }).waitFor();

  const rows = () => page.locator('tbody tr');
  const expectRows = (count: number): Promise<unknown> =>
    until(`there are ${count} rows`, async () => (await rows().count()) === count);

  /** Types into a filter, which counts once Enter is pressed. */
  async function filter(label: string, text: string): Promise<void> {
    const field = page.getByLabel(label, { exact: true });
    await field.fill(text);
    await field.press('Enter');
  }

  /** An order of one unit at that price. */
  async function orderFor(priceMinor: number, currency = 'USD') {
    const product = await api.product(admin, { stock: 1, priceMinor, currency });
    const placed = await api.placeOrder(customer.token, [{ productId: product, quantity: 1 }]);
    assert.equal(placed.body.status, 'confirmed', JSON.stringify(placed.body));
    return placed.body as { readonly id: string; readonly paymentId: string };
  }

  it('finds a payment by its order, its status and its amount', async () => {
    const cheap = await orderFor(1_250);
    await orderFor(9_900);
    await orderFor(1_250, 'EUR');
    await page.getByRole('link', { name: 'Payments' }).click();
    await heading('Payments');
    await expectRows(3);
    await expectAccessible(page);
    await filter('Amount to', '12.50');
    await expectRows(1);
    assert.match(page.url(), /#\/staff\/payments\?maxAmount=12\.50$/);
    await page.getByRole('row', { name: /captured \$12\.50/ }).waitFor();
    await filter('Amount from', '12.51');
    await page.getByText('No payments match.').waitFor();
    await filter('Amount from', 'some');
    await page.getByRole('alert').getByText('minAmountMinor: expected a whole number').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await filter('Currency', 'eur');
    await page.getByRole('row', { name: /captured €12\.50/ }).waitFor();
    await expectRows(1);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByLabel('Status').selectOption('refunded');
    await page.getByText('No payments match.').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByLabel('From', { exact: true }).fill('2099-01-01T00:00');
    await page.getByText('No payments match.').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await filter('Id, or that of the order', cheap.id);
    await expectRows(1);
    await rows().getByRole('link').first().click();
    await heading('Payment');
    await page.getByText(cheap.paymentId).waitFor();
  });

  it('sees what happened to a payment, and gives a part of it back', async () => {
    await page.getByRole('row', { name: /place-order: process-payment done/ }).waitFor();
    await page.getByRole('link', { name: 'in the console' }).waitFor();
    await expectAccessible(page);
    const form = page.getByRole('form', { name: 'Refund' });
    const amount = form.getByLabel('Amount, in USD');
    assert.equal(await amount.inputValue(), '12.50');
    await amount.fill('much');
    await form.getByText('expected an amount such as 12.50').waitFor();
    assert.equal(await amount.getAttribute('aria-invalid'), 'true');
    await amount.fill('12.51');
    await form.getByRole('button', { name: 'Refund…' }).click();
    await form.getByRole('button', { name: 'Refund $12.51 now' }).click();
    await form.getByText('The refund is more than what is left of the payment').waitFor();
    await expectAccessible(page);
    await amount.fill('2.5');
    await form.getByLabel('Reason').fill('a dent');
    await form.getByRole('button', { name: 'Refund…' }).click();
    await form.getByRole('button', { name: 'Refund $2.50 now' }).click();
    await page.getByText('The refund of $2.50 is done.').waitFor();
    await form.getByText('$10.00 can be refunded.').waitFor();
    await page.getByRole('row', { name: /\$2\.50 done a dent/ }).waitFor();
    await page.getByRole('row', { name: new RegExp(`payment\\.refunded done by ${ADMIN.email}`) }).waitFor();
    const { body } = await api.get(page.url().replace(/^.*\/payments\//, '/api/payments/'), admin);
    assert.deepEqual(
      body.refunds.map(({ amount: { amountMinor } }: { amount: { amountMinor: number } }) => amountMinor),
      [250],
    );
  });

  it('refunds once, when the answer to a refund is lost', async () => {
    await page.route('**/refunds', async (route) => {
      await route.fetch();
      await route.abort();
    });
    const form = page.getByRole('form', { name: 'Refund' });
    await form.getByLabel('Amount, in USD').fill('1.00');
    await form.getByRole('button', { name: 'Refund…' }).click();
    await form.getByRole('button', { name: 'Refund $1.00 now' }).click();
    await form.getByRole('alert').getByText(/./).first().waitFor();
    await page.unroute('**/refunds');
    await form.getByRole('button', { name: 'Refund…' }).click();
    await form.getByRole('button', { name: 'Refund $1.00 now' }).click();
    await form.getByText('$9.00 can be refunded.').waitFor();
    const { body } = await api.get(page.url().replace(/^.*\/payments\//, '/api/payments/'), admin);
    assert.equal(body.refunds.length, 2);
  });

  it('decides about a refused refund on the page of its payment', async () => {
    const { id, paymentId } = await orderFor(700);
    await api.post(`/api/orders/${id}/cancel`, {}, customer.token);
    await api.orderAtRest(id, customer.token);
    // The sandbox refuses none.
    const refuse = `
      WITH payment AS (UPDATE payments SET status = 'refund_failed' WHERE id = $1)
      UPDATE refunds SET status = 'failed', failure_reason = 'charge_disputed' WHERE payment_id = $1`;
    await queryServer(shop.databaseServerUrl, refuse, [paymentId], `${shop.databasePrefix}_payments`);
    await page.goto(`/shop#/staff/payments/${paymentId}`);
    await page.getByRole('link', { name: 'Failed refunds (1)' }).waitFor();
    await page.getByRole('button', { name: 'Settle…' }).click();
    await page.getByRole('button', { name: /as paid in another way$/ }).click();
    await page.getByText('Nothing can be refunded.').waitFor();
    await page.getByRole('link', { name: 'Failed refunds', exact: true }).waitFor();
    await page.goto(`/shop#/staff/payments/${randomUUID()}`);
    await page.getByRole('alert').getByText('There is no such payment').waitFor();
  });

  it('finds an order by its amount', async () => {
    await page.getByRole('link', { name: 'Orders', exact: true }).click();
    await heading('Orders');
    await filter('Amount from', '99');
    await expectRows(1);
    await page.getByRole('row', { name: /confirmed .* \$99\.00/ }).waitFor();
    await page.goBack();
    await page.getByRole('row', { name: /\$12\.50/ }).waitFor();
    await expectAccessible(page);
  });

  it('finds what one customer ordered and paid, and asks nothing of the address of nobody', async () => {
    const other = await api.customer();
    const product = await api.product(admin, { stock: 1, priceMinor: 777 });
    const { body } = await api.placeOrder(other.token, [{ productId: product, quantity: 1 }]);
    for (const list of ['Orders', 'Payments']) {
      await page.getByRole('link', { name: list, exact: true }).click();
      await heading(list);
      await filter('Customer', other.email.toUpperCase());
      await expectRows(1);
      await page.getByRole('row', { name: /\$7\.77/ }).waitFor();
      await filter('Customer', 'nobody@shop.example');
      await expectRows(0);
      await filter('Customer', other.id);
      await expectRows(1);
    }
    await page.goto(`/shop#/staff/orders/${body.id}`);
    await until('the tab says which', async () =>
      (await page.title()).startsWith(`Orders …${body.id.slice(-8)} – `),
    );
    const account = page.getByRole('link', { name: other.email });
    assert.equal(await account.getAttribute('href'), `/console#/users/${other.id}`);
    await page.getByRole('link', { name: 'all orders', exact: true }).click();
    await heading('Orders');
    await expectRows(1);
    await page.getByRole('button', { name: 'Clear filters' }).click();
  });

  it('is asked again before money goes back with an order', async () => {
    const { id } = await orderFor(1_100);
    await page.goto(`/shop#/staff/orders/${id}`);
    const cancel = page.getByRole('button', { name: 'Cancel the order…' });
    await cancel.click();
    await page.getByRole('button', { name: 'Cancel it, and refund what is paid' }).press('Tab');
    await cancel.waitFor();
    assert.equal((await api.get(`/api/orders/${id}`, admin)).body.status, 'confirmed');
  });

  it('reads the mails about an order as its customer does', async () => {
    const { id } = await orderFor(500);
    await page.goto(`/shop#/staff/orders/${id}`);
    await page.getByRole('link', { name: 'to the customer' }).click();
    await heading('Mails');
    await expectRows(1);
    await page.getByRole('row', { name: new RegExp(`is confirmed ${customer.email} sent`) }).waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: /is confirmed/ }).click();
    await heading('Mail');
    await page.getByText(`thank you for your order ${id} of $5.00. It is confirmed and paid.`).waitFor();
    await page.getByText('The mail server has taken it.').waitFor();
    await expectAccessible(page);
    await page.getByRole('link', { name: customer.email }).click();
    await heading('Mails');
    await page.getByRole('row', { name: /Welcome to the shop/ }).waitFor();
    await page.getByLabel('State').selectOption('refused');
    await page.getByText('No mails match.').waitFor();
    await filter('Recipient', 'nobody');
    await page.getByRole('alert').getByText('recipient: expected an email address').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
  });

  it('shows the text of a mail as text, whatever is in it', async () => {
    const markup = '<img src=x onerror="document.title=1"><b>bold</b>';
    const write = `UPDATE notifications SET subject = $1, body = $1 WHERE type = 'users.registered.v2' RETURNING id`;
    const [mail] = await queryServer<{ id: string }>(
      shop.databaseServerUrl,
      write,
      [markup],
      `${shop.databasePrefix}_notifications`,
    );
    await page.goto(`/shop#/staff/mails/${mail?.id}`);
    await page.getByRole('heading', { name: markup }).waitFor();
    assert.equal(await page.locator('main img, main b').count(), 0);
  });

  it('changes the name, the price and the stock of a product, and is told at the field what is refused', async () => {
    const id = await api.product(admin, { stock: 5, priceMinor: 1_000 });
    const { body: before } = await api.get(`/api/products/${id}`);
    await api.placeOrder(customer.token, [{ productId: id, quantity: 2 }]);
    await page.goto(`/shop#/staff/products?q=${before.sku}`);
    await heading('Products');
    await expectRows(1);
    await page.getByRole('link', { name: before.name }).click();
    await heading(before.name);
    await expectAccessible(page);
    const [name, price, onHand] = ['Name', 'Price, in USD', 'On hand'].map((label) => page.getByLabel(label));
    assert.ok(name && price && onHand);
    const save = page.getByRole('button', { name: 'Save' });
    await name.fill('');
    await save.click();
    await page.getByRole('alert').getByText('expected some text').waitFor();
    assert.equal(await name.getAttribute('aria-invalid'), 'true');
    assert.equal(await price.getAttribute('aria-invalid'), 'false');
    await expectAccessible(page);
    await name.fill('White tea');
    await price.fill('10.999');
    await save.click();
    await page.getByText('expected an amount such as 12.50').waitFor();
    await price.fill('99999999.99');
    await save.click();
    await page.getByRole('alert').getByText('expected a whole number from 0 to 1000000000').waitFor();
    await price.fill('10.99');
    await save.click();
    await page.getByText('The product is changed.').waitFor();
    await heading('White tea');
    const { body: after } = await api.get(`/api/products/${id}`);
    assert.deepEqual([after.name, after.price], ['White tea', { amountMinor: 1_099, currency: 'USD' }]);
    await onHand.fill('1');
    await page.getByRole('button', { name: 'Set the stock' }).click();
    await page.getByRole('alert').getByText('The stock would fall below what is reserved').waitFor();
    assert.equal(await onHand.getAttribute('aria-invalid'), 'true');
    await onHand.fill('40');
    await page.getByRole('button', { name: 'Set the stock' }).click();
    await page.getByText('2 reserved for orders, 38 available.').waitFor();
  });

  it('overwrites no change that somebody else has made meanwhile', async () => {
    const id = page.url().replace(/^.*\//, '');
    const body = { name: 'Smoked tea' };
    await api.call('PATCH', `/api/products/${id}`, { body, token: admin });
    await page.getByLabel('Name').fill('Black tea');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Somebody has changed it meanwhile.').waitFor();
    await heading('Smoked tea');
    assert.equal(await page.getByLabel('Name').inputValue(), 'Smoked tea');
    assert.equal((await api.get(`/api/products/${id}`)).body.name, 'Smoked tea');
    assert.deepEqual(complaints, []);
  });
});

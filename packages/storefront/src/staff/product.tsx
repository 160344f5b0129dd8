import { ApiProblem, hasCode, type Resource } from '@fissile/client';
import {
  count,
  Fault,
  FieldFault,
  FormField,
  minorUnits,
  placeFaults,
  typedAmount,
  useLoaded,
  useSay,
  useSubmit,
} from '@fissile/console';
import { shop } from './shop.ts';

/** What was read, and the version of it that a change is of. */
interface Versioned<T> {
  readonly value: T;
  readonly version: string | undefined;
}

/** One product: its name and price, and how many units there are. */
export function ProductPage({ id }: { id: string }) {
  const product = useLoaded(() => readProduct(id), [id]);
  const stock = useLoaded(() => readStock(id), [id]);
  return (
    <>
      <p>
        <a href="#/staff/products">All products</a>
      </p>
      <h1 tabIndex={-1}>{product.value?.value.name ?? 'Product'}</h1>
      <Fault text={product.error} />
      {!product.value && !product.error && <p class="empty">Loading…</p>}
      <div class="split">
        {product.value && (
          <ProductForm key={product.value.version} read={product.value} changed={product.reload} />
        )}
        {stock.value && <StockForm key={stock.value.version} read={stock.value} changed={stock.reload} />}
      </div>
      {product.error === undefined && (
        <Fault text={stock.error && `The stock is not shown: ${stock.error}`} />
      )}
    </>
  );
}

async function readProduct(id: string): Promise<Versioned<Resource<'Product'>>> {
  const path = '/api/products/{id}';
  return versioned(path, await shop.api.GET(path, { params: { path: { id } } }));
}

async function readStock(productId: string): Promise<Versioned<Resource<'ProductStock'>>> {
  const path = '/api/inventory/{productId}';
  return versioned(path, await shop.api.GET(path, { params: { path: { productId } } }));
}

interface Answer<T> {
  readonly data?: T;
  readonly error?: ConstructorParameters<typeof ApiProblem>[2];
  readonly response: Response;
}

function versioned<T>(path: string, { data, error, response }: Answer<T>): Versioned<T> {
  if (!data) throw new ApiProblem(`GET ${path}`, response, error);
  return { value: data, version: response.headers.get('etag') ?? undefined };
}

interface FormProps<T> {
  readonly read: Versioned<T>;
  changed(): void;
}

function ProductForm({ read: { value, version }, changed }: FormProps<Resource<'Product'>>) {
  const { id, sku, name, price } = value;
  const { change, error, isBusy } = useChange(changed, async (fields) => {
    const amountMinor = minorUnits(String(fields.get('price')), price.currency);
    if (amountMinor === undefined)
      throw new FieldFault(
        'price',
        `expected an amount such as ${typedAmount({ ...price, amountMinor: 1250 })}`,
      );
    const body = { name: String(fields.get('name')).trim(), price: { ...price, amountMinor } };
    const params = { path: { id }, header: { 'If-Match': version } };
    await shop.patch('/api/products/{id}', { params, body });
    return 'The product is changed. Orders that exist keep their price.';
  });
  const { at, rest } = placeFaults(error, { name: 'name', 'price.amountMinor': 'price' });
  return (
    <form class="card narrow" aria-label="Product" noValidate onSubmit={change}>
      <p class="hint">{sku}</p>
      <FormField label="Name" name="name" defaultValue={name} fault={at['name']} />
      <FormField
        label={`Price, in ${price.currency}`}
        name="price"
        inputMode="decimal"
        defaultValue={typedAmount(price)}
        fault={at['price']}
      />
      <Fault text={rest} />
      <button type="submit" class="primary" disabled={isBusy}>
        Save
      </button>
    </form>
  );
}

function StockForm({ read: { value, version }, changed }: FormProps<Resource<'ProductStock'>>) {
  const { productId, onHand = 0, reserved = 0, available } = value;
  const { change, error, isBusy } = useChange(changed, async (fields) => {
    const typed = String(fields.get('onHand')).trim();
    if (!/^\d{1,15}$/.test(typed)) throw new FieldFault('onHand', 'expected a whole number of units');
    const params = { path: { productId }, header: { 'If-Match': version } };
    await shop.put('/api/inventory/{productId}', { params, body: { onHand: Number(typed) } });
    return 'The stock is set.';
  });
  const { at, rest } = placeFaults(error, { onHand: 'onHand', stock_below_reserved: 'onHand' });
  return (
    <form class="card narrow" aria-label="Stock" noValidate onSubmit={change}>
      <p class="hint">
        {count(reserved)} reserved for orders, {count(available)} available.
      </p>
      <FormField
        label="On hand"
        name="onHand"
        inputMode="numeric"
        defaultValue={String(onHand)}
        fault={at['onHand']}
      />
      <Fault text={rest} />
      <button type="submit" class="primary" disabled={isBusy}>
        Set the stock
      </button>
    </form>
  );
}

/**
 * Sends a form, and shows what has become of it.
 * @param send returns what is said then
 */
function useChange(changed: () => void, send: (fields: FormData) => Promise<string>) {
  const say = useSay();
  const { error, isBusy, submit } = useSubmit(async (fields) => {
    try {
      say(await send(fields));
    } catch (refusal) {
      if (!hasCode(refusal, 'version_mismatch')) throw refusal;
      say('Somebody has changed it meanwhile. This is what it is now.');
    }
    changed();
  });
  return { error, isBusy, change: submit };
}

import { newKey, placeOrder } from '@fissile/client';
import { useRef, useState } from 'preact/hooks';
import { Fault, money, messageOf, useSay } from '@fissile/console';
import type { Cart, CartLine } from './cart.ts';
import { Entrance } from './entrance.tsx';
import { shop } from './shop.ts';
import { describeStock, type Stock, useStock } from './stock.ts';

/** The cards of the sandbox, which moves no money. */
const CARDS = [
  { method: 'pm_card_ok', label: 'A card that works' },
  { method: 'pm_card_declined', label: 'A card that is declined' },
  { method: 'pm_card_timeout', label: 'A card that is charged, but whose response is lost' },
  { method: 'pm_card_action', label: 'A card whose bank asks you' },
  { method: 'pm_card_error_then_ok', label: 'A card that fails once, and then works' },
];
const MOST = 10_000;

/** What is in the cart, and how it is paid. */
export function CartPage({ cart, isSignedIn }: { cart: Cart; isSignedIn: boolean }) {
  const stock = useStock(cart.lines.map(({ product }) => product.id));
  return (
    <>
      <h1 tabIndex={-1}>Cart</h1>
      {cart.lines.length === 0 ? (
        <p class="empty">
          The cart is empty. <a href="#/">Open the catalogue</a>
        </p>
      ) : (
        <div class="columns">
          <Lines cart={cart} stock={stock} />
          {isSignedIn ? <Checkout cart={cart} shortage={shortageOf(cart, stock)} /> : <Entrance />}
        </div>
      )}
    </>
  );
}

/** Why the cart cannot be ordered as it is, as far as the stock is known. */
function shortageOf({ lines }: Cart, stock: Stock): string | undefined {
  const short = lines.find(({ product, quantity }) => quantity > (stock.get(product.id) ?? quantity));
  if (!short) return undefined;
  const left = stock.get(short.product.id);
  return left === 0
    ? `${short.product.name} is sold out: take it out to order the rest.`
    : `Only ${left} of ${short.product.name} are left: order fewer.`;
}

function Lines({ cart, stock }: { cart: Cart; stock: Stock }) {
  return (
    <div class="scroll cart-lines" tabIndex={0} role="group" aria-label="What is in the cart">
      <table>
        <thead>
          <tr>
            <th scope="col">Product</th>
            <th scope="col">Quantity</th>
            <th scope="col" class="number">
              Price
            </th>
          </tr>
        </thead>
        <tbody>
          {cart.lines.map((line) => (
            <Line key={line.product.id} line={line} available={stock.get(line.product.id)} cart={cart} />
          ))}
          {cart.total && (
            <tr>
              <th scope="row">Total</th>
              <td />
              <td class="number">{money(cart.total)}</td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

interface LineProps {
  readonly line: CartLine;
  /** undefined while it is not known. */
  readonly available: number | undefined;
  readonly cart: Cart;
}

function Line({ line: { product, quantity }, available, cart }: LineProps) {
  const say = useSay();
  const { id, name, price } = product;
  // What is sold out stays in the cart until it is taken out.
  const most = available === undefined || available === 0 ? MOST : Math.min(MOST, available);
  const change = (input: HTMLInputElement): void => {
    const wanted = Math.max(0, Math.floor(Number(input.value)));
    const taken = Math.min(most, wanted);
    if (taken < wanted)
      say(
        taken === MOST
          ? `An order takes ${MOST} of a product at most.`
          : `Only ${taken} of ${name} are left.`,
      );
    // Also where the cart does not change, and nothing is drawn anew.
    if (taken > 0) input.value = String(taken);
    cart.change(id, taken);
  };
  return (
    <tr>
      <th scope="row">
        {name}
        {available !== undefined && <p class="stock">{describeStock(available)}</p>}
      </th>
      <td>
        <div class="actions">
          <input
            type="number"
            min={1}
            max={most}
            value={quantity}
            aria-label={`Quantity of ${name}`}
            onChange={({ currentTarget }) => change(currentTarget)}
          />
          <button type="button" aria-label={`Take ${name} out`} onClick={() => cart.change(id, 0)}>
            ✕
          </button>
        </div>
      </td>
      <td class="number">{money({ ...price, amountMinor: price.amountMinor * quantity })}</td>
    </tr>
  );
}

function Checkout({ cart, shortage }: { cart: Cart; shortage: string | undefined }) {
  const [method, setMethod] = useState('pm_card_ok');
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  // One order, however often the button is pressed until there is an answer.
  const key = useRef(newKey());
  const order = async (): Promise<void> => {
    setBusy(true);
    setFault(undefined);
    try {
      const items = cart.lines.map(({ product, quantity }) => ({ productId: product.id, quantity }));
      const currency = cart.total?.currency ?? 'USD';
      const { id } = await placeOrder(shop, { items, currency, payment: { method } }, key.current);
      cart.empty();
      location.hash = `#/orders/${id}`;
    } catch (error) {
      key.current = newKey();
      setFault(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        void order();
      }}
    >
      <fieldset class="choices">
        <legend>Pay with</legend>
        {CARDS.map((card) => (
          <label key={card.method}>
            <input
              type="radio"
              name="method"
              checked={card.method === method}
              onChange={() => setMethod(card.method)}
            />
            {card.label}
          </label>
        ))}
      </fieldset>
      <Fault text={shortage ?? fault} />
      <button class="primary" disabled={isBusy || shortage !== undefined}>
        {isBusy ? 'Ordering…' : 'Order'}
      </button>
    </form>
  );
}

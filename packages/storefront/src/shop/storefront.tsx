import { useEffect, useState } from 'preact/hooks';
import icon from '../icon.svg';
import {
  isBackFromSignIn,
  Notice,
  Say,
  tabTitle,
  useHeadingFocus,
  useNotice,
  useRoute,
  useSignedIn,
} from '@fissile/console';
import { useCart } from './cart.ts';
import { CartPage } from './cart-page.tsx';
import { CataloguePage } from './catalogue-page.tsx';
import { Entrance } from './entrance.tsx';
import { OrderPage } from './order-page.tsx';
import { OrdersPage } from './orders-page.tsx';
import { session } from './shop.ts';

const TITLES: Readonly<Record<string, string>> = { cart: 'Cart', orders: 'My orders' };

/** The storefront: look around, order, and watch the order go through. */
export function Storefront() {
  const isSignedIn = useSignedIn(session);
  const [isBack] = useState(isBackFromSignIn);
  const [notice, say] = useNotice();
  return (
    <Say.Provider value={say}>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      {isBack && !isSignedIn ? <SignInReturn /> : <Pages isSignedIn={isSignedIn} />}
      <Notice text={notice} />
    </Say.Provider>
  );
}

/** Where the provider sends people back to, until they are signed in or have been told why not. */
function SignInReturn() {
  useEffect(() => void (document.title = 'Sign in – Fissile shop'), []);
  return (
    <main id="main">
      <h1 tabIndex={-1}>Sign in</h1>
      <Entrance />
    </main>
  );
}

function Pages({ isSignedIn }: { isSignedIn: boolean }) {
  const cart = useCart();
  const [section = '', id] = useRoute();
  useHeadingFocus(`${section}/${id ?? ''}`);
  const title = tabTitle(TITLES[section] ?? 'Catalogue', id);
  useEffect(() => void (document.title = `${title} – Fissile shop`), [title]);
  return (
    <>
      <Header section={section} inCart={cart.count} isSignedIn={isSignedIn} />
      <main id="main">
        {section === 'cart' ? (
          <CartPage cart={cart} isSignedIn={isSignedIn} />
        ) : section === 'orders' && id !== undefined ? (
          <OrderPage key={id} id={id} isSignedIn={isSignedIn} />
        ) : section === 'orders' ? (
          <OrdersPage isSignedIn={isSignedIn} />
        ) : (
          <CataloguePage cart={cart} />
        )}
      </main>
    </>
  );
}

interface HeaderProps {
  readonly section: string;
  readonly inCart: number;
  readonly isSignedIn: boolean;
}

function Header({ section, inCart, isSignedIn }: HeaderProps) {
  const current = (page: string): 'page' | undefined => (page === section ? 'page' : undefined);
  return (
    <header class="top">
      <a class="brand" href="#/">
        <img src={icon} alt="" />
        Fissile shop
      </a>
      <nav aria-label="Shop">
        <ul>
          <li>
            <a href="#/" aria-current={current('')}>
              Catalogue
            </a>
          </li>
          <li>
            <a href="#/cart" aria-current={current('cart')}>
              Cart ({inCart})
            </a>
          </li>
          <li>
            <a href="#/orders" aria-current={current('orders')}>
              My orders
            </a>
          </li>
          {isSignedIn && (
            <li>
              <a href="/account">Your account</a>
            </li>
          )}
        </ul>
      </nav>
      {isSignedIn && (
        <button type="button" onClick={() => void session.end()}>
          Sign out
        </button>
      )}
    </header>
  );
}

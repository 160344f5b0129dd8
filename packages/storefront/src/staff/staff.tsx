import { Notice, Say, SignInForm, useHeadingFocus, useNotice, useRoute, useSignedIn } from '@fissile/console';
import { useEffect } from 'preact/hooks';
import icon from '../icon.svg';
import { ProductsPage } from './products.tsx';
import { OrderPage } from './order.tsx';
import { OrdersPage } from './orders.tsx';
import { session, shop, signInAsAdmin } from './shop.ts';

const PAGES = [
  { path: '', title: 'Orders' },
  { path: 'products', title: 'Products' },
];

/** For the staff of the shop: orders of all customers, and what is in stock. */
export function Staff() {
  const isSignedIn = useSignedIn(session);
  const [notice, say] = useNotice();
  return (
    <Say.Provider value={say}>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      {isSignedIn ? <Pages /> : <SignInPage />}
      <Notice text={notice} />
    </Say.Provider>
  );
}

function SignInPage() {
  useEffect(() => void (document.title = 'Sign in – Fissile shop’s staff'), []);
  return (
    <>
      <header class="top">
        <Brand />
      </header>
      <main id="main">
        <h1 tabIndex={-1}>Sign in</h1>
        <SignInForm
          signIn={signInAsAdmin}
          hint="For admins. The first start of a shop prints the first admin’s password and keeps it in .data/admin-credentials.json."
        />
      </main>
    </>
  );
}

function Pages() {
  const [, section = '', id] = useRoute();
  useHeadingFocus(`${section}/${id ?? ''}`);
  const title = section === 'products' ? 'Products' : 'Orders';
  useEffect(() => void (document.title = `${title} – Fissile shop’s staff`), [title]);
  return (
    <>
      <header class="top">
        <Brand />
        <nav aria-label="Staff">
          <ul>
            {PAGES.map((page) => (
              <li key={page.path}>
                <a href={`#/staff/${page.path}`} aria-current={page.title === title ? 'page' : undefined}>
                  {page.title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <button type="button" onClick={() => void shop.session.signOut()}>
          Sign out
        </button>
      </header>
      <main id="main">
        {section === 'products' ? (
          <ProductsPage />
        ) : section === 'orders' && id !== undefined ? (
          <OrderPage key={id} id={id} />
        ) : (
          <OrdersPage />
        )}
      </main>
    </>
  );
}

function Brand() {
  return (
    <a class="brand" href="#/staff">
      <img src={icon} alt="" />
      Fissile shop’s staff
    </a>
  );
}

import {
  Frame,
  SessionEnd,
  SignedInPage,
  SignInForm,
  tabTitle,
  useHeadingFocus,
  useLoaded,
  useRoute,
  useSignedIn,
} from '@fissile/console';
import icon from '../icon.svg';
import { ProductPage } from './product.tsx';
import { ProductsPage } from './products.tsx';
import { MailPage } from './mail.tsx';
import { MailsPage } from './mails.tsx';
import { OrderPage } from './order.tsx';
import { OrdersPage } from './orders.tsx';
import { PaymentPage } from './payment.tsx';
import { PaymentsPage } from './payments.tsx';
import { RefundsPage } from './refunds.tsx';
import { session, shop, signInAsAdmin } from './shop.ts';

const PAGES = [
  { path: '', title: 'Orders' },
  { path: 'payments', title: 'Payments' },
  { path: 'refunds', title: 'Failed refunds' },
  { path: 'products', title: 'Products' },
  { path: 'mails', title: 'Mails' },
] as const;

/** As many as are counted. */
const MOST_COUNTED = 100;

const SITE = { name: 'Fissile shop’s staff', icon, home: '#/staff' };

const SIGN_IN_HINT =
  'For admins. The first start of a shop prints the first admin’s password and keeps it in .data/admin-credentials.json.';

/** For the staff of the shop: orders of all customers, and what is in stock. */
export function Staff() {
  const signInForm = (
    <>
      <SessionEnd session={session} />
      <SignInForm signIn={signInAsAdmin} hint={SIGN_IN_HINT} />
    </>
  );
  return (
    <Frame site={SITE} isSignedIn={useSignedIn(session)} signInForm={signInForm}>
      <Pages />
    </Frame>
  );
}

function Pages() {
  const [, section = '', id] = useRoute();
  useHeadingFocus(`${section}/${id ?? ''}`);
  const current = PAGES.find(({ path }) => path === section) ?? PAGES[0];
  const refunds = useLoaded(countFailedRefunds, [section, id]);
  const links = PAGES.map((page) => ({
    href: `#/staff/${page.path}`,
    text: page.path === 'refunds' && refunds.value ? `${page.title} (${refunds.value})` : page.title,
    isCurrent: page === current,
  }));
  return (
    <SignedInPage
      site={SITE}
      title={tabTitle(current.title, id)}
      nav={{ label: 'Staff', links }}
      signOut={() => shop.session.signOut()}
    >
      <Section {...{ section, id }} refundDecided={refunds.reload} />
    </SignedInPage>
  );
}

interface SectionProps {
  readonly section: string;
  readonly id: string | undefined;
  refundDecided(): void;
}

function Section({ section, id, refundDecided }: SectionProps) {
  if (section === 'products') return id === undefined ? <ProductsPage /> : <ProductPage key={id} id={id} />;
  if (section === 'refunds') return <RefundsPage decided={refundDecided} />;
  if (section === 'orders' && id !== undefined) return <OrderPage key={id} id={id} />;
  if (section === 'payments' && id !== undefined)
    return <PaymentPage key={id} id={id} decided={refundDecided} />;
  if (section === 'payments') return <PaymentsPage />;
  if (section === 'mails') return id === undefined ? <MailsPage /> : <MailPage key={id} id={id} />;
  return <OrdersPage />;
}

/** Undefined when there are none. */
async function countFailedRefunds(): Promise<string | undefined> {
  const query = { status: 'refund_failed', limit: `${MOST_COUNTED}` } as const;
  const { items, nextCursor } = await shop.page('/api/payments', query);
  if (items.length === 0) return undefined;
  return nextCursor === null ? `${items.length}` : `more than ${MOST_COUNTED}`;
}

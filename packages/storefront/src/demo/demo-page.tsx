import { Frame, SessionEnd, SignedInPage, SignInForm, useSignedIn } from '@fissile/console';
import icon from '../icon.svg';
import { Books } from './books.tsx';
import { Processes } from './processes.tsx';
import { session, signIn } from './shop.ts';
import { Customers } from './customers.tsx';

const SITE = { name: 'Fissile demo', icon, home: '/demo' };

const LINKS = [
  { href: '/console', text: 'Console' },
  { href: '/shop', text: 'Shop' },
].map((link) => ({ ...link, isCurrent: false }));

const HINT =
  'For admins. The first start prints the first admin’s password, and /console asks for one of your own.';

/** Lets things happen in the shop, so that there is something to see in the console. In development alone. */
export function DemoPage() {
  const signInForm = (
    <>
      <SessionEnd session={session} />
      <SignInForm signIn={signIn} hint={HINT} />
    </>
  );
  return (
    <Frame site={SITE} isSignedIn={useSignedIn(session)} signInForm={signInForm}>
      <SignedInPage
        site={SITE}
        title="Demo"
        nav={{ label: 'Pages', links: LINKS }}
        signOut={() => session.end()}
      >
        <h1 tabIndex={-1}>Demo</h1>
        <p class="hint">
          Open <a href="/console">the console</a> beside this tab, and watch it while you change something
          here.
        </p>
        <Customers />
        <Processes />
        <Books />
      </SignedInPage>
    </Frame>
  );
}

import { useEffect } from 'preact/hooks';
import icon from '../shared/icon.svg';
import { Notice, Say, useNotice } from '../shared/notices.tsx';
import { useSignedIn } from '../shared/product-api.ts';
import { useHeadingFocus, useRoute } from '../shared/use-route.ts';
import { AuditPage } from './audit.tsx';
import { DeadLettersPage } from './dead-letters.tsx';
import { OverviewPage } from './overview.tsx';
import { SagaPage } from './saga.tsx';
import { SagasPage } from './sagas.tsx';
import { SettingsPage } from './settings.tsx';
import { session } from './product.ts';
import { AdminSignIn } from './admin-sign-in.tsx';

const PAGES = [
  { path: '', title: 'Topology', Page: OverviewPage },
  { path: 'sagas', title: 'Sagas', Page: SagasPage },
  { path: 'dead-letters', title: 'Dead letters', Page: DeadLettersPage },
  { path: 'settings', title: 'Settings', Page: SettingsPage },
  { path: 'audit', title: 'Audit log', Page: AuditPage },
];

/** The operators' console: a page for each kind of thing to look at. */
export function Console() {
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
  useEffect(() => void (document.title = 'Sign in – Fissile console'), []);
  return (
    <>
      <header class="top">
        <Brand />
      </header>
      <main id="main">
        <h1 tabIndex={-1}>Sign in</h1>
        <AdminSignIn />
      </main>
    </>
  );
}

function Pages() {
  const [section = '', id] = useRoute();
  useHeadingFocus(`${section}/${id ?? ''}`);
  const found = PAGES.find(({ path }) => path === section);
  const title = found?.title ?? 'Not found';
  useEffect(() => void (document.title = `${title} – Fissile console`), [title]);
  return (
    <>
      <header class="top">
        <Brand />
        <nav aria-label="Console">
          <ul>
            {PAGES.map((page) => (
              <li key={page.path}>
                <a href={`#/${page.path}`} aria-current={page.path === section ? 'page' : undefined}>
                  {page.title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <button type="button" onClick={() => void session.end()}>
          Sign out
        </button>
      </header>
      <main id="main">
        {section === 'sagas' && id !== undefined ? (
          <SagaPage key={id} id={id} />
        ) : found ? (
          <found.Page />
        ) : (
          <h1 tabIndex={-1}>There is no page here</h1>
        )}
      </main>
    </>
  );
}

function Brand() {
  return (
    <a class="brand" href="#/">
      <img src={icon} alt="" />
      Fissile console
    </a>
  );
}

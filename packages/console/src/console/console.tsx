import { shortId } from '../shared/format.ts';
import { Frame, SignedInPage } from '../shared/frame.tsx';
import icon from '../shared/icon.svg';
import { useSignedIn } from '../shared/product-api.ts';
import { useHeadingFocus, useRoute } from '../shared/use-route.ts';
import { AuditPage } from './audit.tsx';
import { DeadLettersPage } from './dead-letters.tsx';
import { Find } from './find.tsx';
import { LogsPage } from './logs.tsx';
import { OverviewPage } from './overview.tsx';
import { SagaPage } from './saga.tsx';
import { SagasPage } from './sagas.tsx';
import { SettingsPage } from './settings.tsx';
import { useSignInLink } from './sign-in-link.ts';
import { session } from './product.ts';
import { TracePage } from './trace.tsx';
import { TracesPage } from './traces.tsx';
import { AdminSignIn } from './admin-sign-in.tsx';

const PAGES = [
  { path: '', title: 'Topology', Page: OverviewPage },
  { path: 'sagas', title: 'Sagas', Page: SagasPage },
  { path: 'dead-letters', title: 'Dead letters', Page: DeadLettersPage },
  { path: 'traces', title: 'Traces', Page: TracesPage },
  { path: 'logs', title: 'Logs', Page: LogsPage },
  { path: 'settings', title: 'Settings', Page: SettingsPage },
  { path: 'audit', title: 'Audit log', Page: AuditPage },
];

const SITE = { name: 'Fissile console', icon, home: '#/' };

/** The operators' console: a page for each kind of thing to look at. */
export function Console() {
  const fault = useSignInLink();
  return (
    <Frame site={SITE} isSignedIn={useSignedIn(session)} signInForm={<AdminSignIn fault={fault} />}>
      <Pages />
    </Frame>
  );
}

/** One saga or trace is known by its id among several tabs. */
function titleOf(page: string | undefined, id: string | undefined): string {
  if (page === undefined) return 'Not found';
  return id === undefined ? page : `${page} …${shortId(id)}`;
}

function Pages() {
  const [section = '', id] = useRoute();
  useHeadingFocus(`${section}/${id ?? ''}`);
  const found = PAGES.find(({ path }) => path === section);
  const links = PAGES.map(({ path, title }) => ({
    href: `#/${path}`,
    text: title,
    isCurrent: path === section,
  }));
  return (
    <SignedInPage
      site={SITE}
      title={titleOf(found?.title, id)}
      nav={{ label: 'Console', links }}
      tools={<Find pages={PAGES} />}
      signOut={() => session.end()}
    >
      {section === 'sagas' && id !== undefined ? (
        <SagaPage key={id} id={id} />
      ) : section === 'traces' && id !== undefined ? (
        <TracePage key={id} id={id} />
      ) : found ? (
        <found.Page />
      ) : (
        <h1 tabIndex={-1}>There is no page here</h1>
      )}
    </SignedInPage>
  );
}

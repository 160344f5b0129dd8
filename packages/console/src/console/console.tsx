import type { ComponentChildren } from 'preact';
import { tabTitle } from '../shared/format.ts';
import { Frame, SignedInPage } from '../shared/frame.tsx';
import icon from '../shared/icon.svg';
import { useSignedIn } from '../shared/product-api.ts';
import { useHeadingFocus, useRoute } from '../shared/use-route.ts';
import { AdvicePage } from './advice.tsx';
import { AuditPage } from './audit.tsx';
import { DeadLettersPage } from './dead-letters.tsx';
import { Find } from './find.tsx';
import { LogsPage } from './logs.tsx';
import { OverviewPage } from './overview.tsx';
import { SagaPage } from './saga.tsx';
import { SagasPage } from './sagas.tsx';
import { SchedulesPage } from './schedules.tsx';
import { SettingsPage } from './settings.tsx';
import { useSignInLink } from './sign-in-link.ts';
import { session } from './product.ts';
import { TracePage } from './trace.tsx';
import { TracesPage } from './traces.tsx';
import { useRoles } from './use-roles.ts';
import { UserPage } from './user.tsx';
import { UsersPage } from './users.tsx';
import { AdminSignIn } from './admin-sign-in.tsx';

/** Only where the product has accounts. */
const USERS = 'users';

interface ConsolePage {
  readonly path: string;
  readonly title: string;
  /** The path of the page that leads to it; without one, it is in the navigation. */
  readonly from?: string;
  readonly Page: () => ComponentChildren;
  /** Of one of its things, by its id. */
  readonly Detail?: (props: { id: string }) => ComponentChildren;
}

const PAGES: readonly ConsolePage[] = [
  { path: '', title: 'Topology', Page: OverviewPage },
  { path: 'advice', title: 'Advice', from: '', Page: AdvicePage },
  { path: 'sagas', title: 'Sagas', Page: SagasPage, Detail: SagaPage },
  { path: 'dead-letters', title: 'Dead letters', Page: DeadLettersPage },
  { path: 'traces', title: 'Traces', Page: TracesPage, Detail: TracePage },
  { path: 'logs', title: 'Logs', Page: LogsPage },
  { path: 'schedules', title: 'Schedules', Page: SchedulesPage },
  { path: 'settings', title: 'Settings', Page: SettingsPage },
  { path: 'audit', title: 'Audit log', Page: AuditPage },
  { path: USERS, title: 'Users', Page: UsersPage, Detail: UserPage },
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

function Pages() {
  const [section = '', id] = useRoute();
  useHeadingFocus(`${section}/${id ?? ''}`);
  const { hasAccounts } = useRoles();
  const pages = hasAccounts === true ? PAGES : PAGES.filter(({ path }) => path !== USERS);
  // Until it is known, what the address names is shown: it says itself what it lacks.
  const found = (hasAccounts === undefined ? PAGES : pages).find(({ path }) => path === section);
  const Detail = found?.Detail;
  const links = pages
    .filter(({ from }) => from === undefined)
    .map(({ path, title }) => ({
      href: `#/${path}`,
      text: title,
      isCurrent: path === (found?.from ?? section),
    }));
  return (
    <SignedInPage
      site={SITE}
      title={found ? tabTitle(found.title, id) : 'Not found'}
      nav={{ label: 'Console', links }}
      tools={<Find pages={pages} />}
      signOut={() => session.end()}
    >
      {Detail && id !== undefined ? (
        <Detail key={id} id={id} />
      ) : found ? (
        <found.Page />
      ) : (
        <h1 tabIndex={-1}>There is no page here</h1>
      )}
    </SignedInPage>
  );
}

import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { Notice, Say, useNotice } from './notices.tsx';

/** What the pages have in common that somebody signs in to. */
export interface Site {
  readonly name: string;
  readonly icon: string;
  /** The address of its first page. */
  readonly home: string;
}

interface FrameProps {
  readonly site: Site;
  readonly isSignedIn: boolean;
  readonly signInForm: ComponentChildren;
  /** What is shown to who is signed in. */
  readonly children: ComponentChildren;
}

/** Pages, and a form to sign in before. */
export function Frame({ site, isSignedIn, signInForm, children }: FrameProps) {
  const [notice, say] = useNotice();
  return (
    <Say.Provider value={say}>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      {isSignedIn ? children : <SignInPage site={site}>{signInForm}</SignInPage>}
      <Notice text={notice} />
    </Say.Provider>
  );
}

function SignInPage({ site, children }: { site: Site; children: ComponentChildren }) {
  useEffect(() => void (document.title = `Sign in – ${site.name}`), []);
  return (
    <>
      <header class="top">
        <Brand site={site} />
      </header>
      <main id="main">
        <h1 tabIndex={-1}>Sign in</h1>
        {children}
      </main>
    </>
  );
}

interface SignedInPageProps {
  readonly site: Site;
  readonly title: string;
  readonly nav: {
    readonly label: string;
    readonly links: readonly { readonly href: string; readonly text: string; readonly isCurrent: boolean }[];
  };
  /** Beside the links. */
  readonly tools?: ComponentChildren;
  signOut(): Promise<unknown>;
  readonly children: ComponentChildren;
}

/** One page, below the links to the others. */
export function SignedInPage({ site, title, nav, tools, signOut, children }: SignedInPageProps) {
  useEffect(() => void (document.title = `${title} – ${site.name}`), [title]);
  return (
    <>
      <header class="top">
        <Brand site={site} />
        <nav aria-label={nav.label}>
          <ul>
            {nav.links.map(({ href, text, isCurrent }) => (
              <li key={href}>
                <a href={href} aria-current={isCurrent ? 'page' : undefined}>
                  {text}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        {tools}
        <button type="button" onClick={() => void signOut()}>
          Sign out
        </button>
      </header>
      <main id="main">{children}</main>
    </>
  );
}

function Brand({ site: { name, icon, home } }: { site: Site }) {
  return (
    <a class="brand" href={home}>
      <img src={icon} alt="" />
      {name}
    </a>
  );
}

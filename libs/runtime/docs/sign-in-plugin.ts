interface Element {
  readonly type: unknown;
}

/** What this uses of React, which Swagger UI brings. */
interface React {
  createElement(type: unknown, properties: object | null, ...children: unknown[]): Element;
  useState<T>(initial: T): [T, (value: T) => void];
}

interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Empty for an account without a second factor. */
  readonly code: string;
}

/** One of both. */
interface SignInAnswer {
  readonly token?: string;
  readonly refusal?: string;
}

/** What this uses of Swagger UI: https://swagger.io/docs/open-source-tools/swagger-ui/customization/plug-points/ */
interface SwaggerUi {
  readonly React: React;
  readonly fn: { signIn(credentials: Credentials): Promise<SignInAnswer> };
  getComponent(name: string): unknown;
  readonly authActions: { authorize(authorization: object): void };
  readonly specSelectors: { specJson(): { hasIn(path: readonly string[]): boolean } };
}

interface SchemeProperties {
  readonly name: string;
  readonly schema: unknown;
  readonly authorized?: { readonly size: number };
}

/** Signs in. Like the other plug-ins, it is sent to the browser as text, so that it uses nothing of this module. */
export function signInRequestPlugin() {
  async function signIn({ code, ...credentials }: Credentials): Promise<SignInAnswer> {
    try {
      const response = await fetch('/api/auth/login', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(code === '' ? credentials : { ...credentials, code }),
      });
      const answer = (await response.json()) as { accessToken?: string; detail?: string };
      if (answer.accessToken !== undefined) return { token: answer.accessToken };
      return { refusal: answer.detail ?? `The answer was ${response.status}` };
    } catch (error) {
      return { refusal: `The sign-in was not answered: ${String(error)}` };
    }
  }
  return { fn: { signIn } };
}

/** The form for it. */
export function signInFormPlugin() {
  function SignInForm({ system, name, schema }: SchemeProperties & { readonly system: SwaggerUi }): Element {
    const { React, authActions, fn } = system;
    const create = React.createElement;
    const [typed, setTyped] = React.useState<Credentials>({ email: '', password: '', code: '' });
    const [refusal, setRefusal] = React.useState('');
    const begin = (): void => {
      void fn.signIn(typed).then(({ token, refusal = '' }) => {
        setRefusal(refusal);
        if (token !== undefined) authActions.authorize({ [name]: { name, schema, value: token } });
      });
    };
    const field = (label: string, type: string, key: keyof Credentials): Element => {
      const onChange = ({ target }: { target: { value: string } }): void =>
        setTyped({ ...typed, [key]: target.value });
      // Enter would send the form around it, which takes a token.
      const onKeyDown = (event: { key: string; preventDefault(): void }): void => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        begin();
      };
      const input = create('input', { type, value: typed[key], onChange, onKeyDown, autoComplete: 'off' });
      return create('label', { className: 'wrapper', style: { display: 'block' } }, label, input);
    };
    return create(
      'div',
      { className: 'sign-in' },
      create('h4', null, 'Sign in'),
      field('Email', 'email', 'email'),
      field('Password', 'password', 'password'),
      field('Code, where the account has a second factor', 'text', 'code'),
      create('p', { role: 'alert' }, refusal),
      create(
        'button',
        { type: 'button', className: 'btn modal-btn auth authorize', onClick: begin },
        'Sign in',
      ),
    );
  }
  return { components: { SignInForm } };
}

/** Shows the form where Swagger UI asks for a token, which stays in the memory of the page. */
export function signInPlugin() {
  return {
    wrapComponents: {
      HttpAuth: (Original: unknown, system: SwaggerUi) => {
        const create = system.React.createElement;
        return function HttpAuthOrSignIn(properties: SchemeProperties): Element {
          const hasAccounts = system.specSelectors.specJson().hasIn(['paths', '/api/auth/login']);
          const isShown = hasAccounts && !properties.authorized?.size;
          const form = isShown && create(system.getComponent('SignInForm'), { ...properties, system });
          return create('div', null, create(Original, properties), form);
        };
      },
    },
  };
}

/** The bounded contexts of the shop. */
export const CONTEXTS = ['users', 'products', 'inventory', 'orders', 'payments', 'notifications'] as const;

export type ContextName = (typeof CONTEXTS)[number];

/** What a process can host: the contexts, and the edge. */
export const HOSTABLE = ['gateway', ...CONTEXTS] as const;

export type Hostable = (typeof HOSTABLE)[number];

/** Public paths beside `/api/<context>` that belong to a context. */
const MORE_PATHS: Partial<Record<ContextName, readonly string[]>> = {
  users: ['/api/auth', '/.well-known/jwks.json'],
};

/** The beginnings of all public paths of a context; everything below them is its too. */
export function publicPathsOf(context: ContextName): readonly string[] {
  return [`/api/${context}`, ...(MORE_PATHS[context] ?? [])];
}

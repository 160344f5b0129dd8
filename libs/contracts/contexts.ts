/** The bounded contexts of the shop. */
export const CONTEXTS = ['users', 'products', 'inventory', 'orders', 'payments', 'notifications'] as const;

export type ContextName = (typeof CONTEXTS)[number];

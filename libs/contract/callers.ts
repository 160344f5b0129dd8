/** In place of a context, in the callers of a method: any process of the product, whatever it hosts. */
export const ANY_PROCESS = 'process';

/** Who may call a contract: the same components for each of its methods, or some for single methods. */
export type Callers = readonly string[] | Readonly<Record<string, readonly string[] | undefined>>;

import { shop } from './shop.ts';

/** Oldest first. Where operators have a port of their own, they are not asked for here. */
export async function sagasOfOrder(id: string) {
  const { items } = await shop.page('/api/admin/sagas', { id });
  return items.toReversed();
}

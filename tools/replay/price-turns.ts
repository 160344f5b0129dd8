import type { HistoricOrder } from './history.js';

/** Consecutive orders that pay the same price for a product. */
interface Turn {
  readonly priceCents: number;
  unfinished: number;
  readonly opened: Promise<void>;
  readonly open: () => void;
}

/**
 * Lets orders run concurrently and still gives each the prices of its time. Each product has turns: the orders of one
 * turn pay one price, and the next turn opens, with its price, when all of them are done. Orders take their turns by
 * date, so none waits for a later one.
 */
export class PriceTurns {
  private readonly turns = new Map<number, Turn[]>();
  private readonly turnOf = new Map<string, Turn>();

  /** @param setPrice is called when a turn opens, before its orders run */
  constructor(
    orders: readonly HistoricOrder[],
    private readonly setPrice: (product: number, priceCents: number) => Promise<void>,
  ) {
    for (const order of orders) {
      for (const { product, priceCents } of order.lines) this.plan(order.number, product, priceCents);
    }
  }

  /** Opens the first turn of each product. */
  async begin(): Promise<void> {
    for (const [product, [first]] of this.turns) if (first) await this.open(product, first);
  }

  /** Resolves when every product of the order has the price that it needs. */
  async wait({ number, lines }: HistoricOrder): Promise<void> {
    for (const { product } of lines) await this.turnOf.get(`${number} ${product}`)?.opened;
  }

  /** The caller must call this when the order is done. */
  async finish({ number, lines }: HistoricOrder): Promise<void> {
    for (const { product } of lines) {
      const turn = this.turnOf.get(`${number} ${product}`);
      if (!turn) continue;
      turn.unfinished -= 1;
      const turns = this.turns.get(product) ?? [];
      const next = turns[turns.indexOf(turn) + 1];
      if (turn.unfinished === 0 && next) await this.open(product, next);
    }
  }

  private plan(order: number, product: number, priceCents: number): void {
    const turns = this.turns.get(product) ?? [];
    this.turns.set(product, turns);
    let turn = turns.at(-1);
    if (turn?.priceCents !== priceCents) {
      const { promise, resolve } = Promise.withResolvers<void>();
      turn = { priceCents, unfinished: 0, opened: promise, open: resolve };
      turns.push(turn);
    }
    turn.unfinished += 1;
    this.turnOf.set(`${order} ${product}`, turn);
  }

  private async open(product: number, turn: Turn): Promise<void> {
    await this.setPrice(product, turn.priceCents);
    turn.open();
  }
}

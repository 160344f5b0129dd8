import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface HistoricProduct {
  /** Northwind's number. */
  readonly number: number;
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly description: string;
  /** Today's price, in cents. */
  readonly priceCents: number;
  readonly discontinued: boolean;
}

export interface HistoricLine {
  readonly product: number;
  readonly quantity: number;
  /** The price paid for one at the time, in cents. */
  readonly priceCents: number;
}

export interface HistoricOrder {
  readonly number: number;
  /** Northwind's code of five letters. */
  readonly customer: string;
  readonly date: string;
  readonly lines: readonly HistoricLine[];
}

export interface HistoricCustomer {
  readonly code: string;
  readonly name: string;
}

export interface History {
  /** The customers who ordered. */
  readonly customers: readonly HistoricCustomer[];
  readonly products: readonly HistoricProduct[];
  /** By date. */
  readonly orders: readonly HistoricOrder[];
}

type Row = Readonly<Record<string, string>>;

/** Reads the trader's history from its files. */
export function readHistory(folder: string): History {
  const read = (file: string): Row[] =>
    parse(readFileSync(join(folder, file)), {
      columns: true,
      skip_empty_lines: true,
      bom: true,
      // Some addresses contain unquoted commas; every column that is read comes before them.
      relax_column_count: true,
    });
  const categories = new Map(
    read('categories.csv').map((row) => [row['categoryID'], row['categoryName'] ?? '']),
  );
  const linesByOrder = Map.groupBy(read('order-details.csv'), (row) => row['orderID']);
  const orders = read('orders.csv')
    .map((row) => toOrder(row, linesByOrder.get(row['orderID']) ?? []))
    .sort((one, other) => one.date.localeCompare(other.date) || one.number - other.number);
  const buyers = new Set(orders.map(({ customer }) => customer));
  return {
    orders,
    products: read('products.csv').map((row) => toProduct(row, categories.get(row['categoryID']) ?? '')),
    customers: read('customers.csv')
      .map((row) => ({ code: row['customerID'] ?? '', name: row['contactName'] ?? '' }))
      .filter(({ code }) => buyers.has(code)),
  };
}

function toOrder(row: Row, lines: readonly Row[]): HistoricOrder {
  return {
    number: Number(row['orderID']),
    customer: row['customerID'] ?? '',
    date: row['orderDate'] ?? '',
    lines: lines.map((line) => ({
      product: Number(line['productID']),
      quantity: Number(line['quantity']),
      priceCents: toCents(line['unitPrice'] ?? ''),
    })),
  };
}

function toProduct(row: Row, category: string): HistoricProduct {
  const number = Number(row['productID']);
  return {
    number,
    sku: `NW-${String(number).padStart(3, '0')}`,
    name: row['productName'] ?? '',
    category,
    description: row['quantityPerUnit'] ?? '',
    priceCents: toCents(row['unitPrice'] ?? ''),
    discontinued: row['discontinued'] === '1',
  };
}

/** Parses a decimal text, without a binary fraction in between. */
export function toCents(decimal: string): number {
  const match = /^(\d+)(?:\.(\d{1,2})\d*)?$/.exec(decimal);
  if (!match) throw new Error(`not an amount: ${decimal}`);
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
}

/** The totals of the whole history. */
export function totalsOf({ orders }: Pick<History, 'orders'>) {
  const lines = orders.flatMap((order) => order.lines);
  return {
    orders: orders.length,
    lines: lines.length,
    units: lines.reduce((sum, { quantity }) => sum + quantity, 0),
    cents: lines.reduce((sum, { quantity, priceCents }) => sum + quantity * priceCents, 0),
  };
}

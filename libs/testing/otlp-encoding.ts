import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

export type Attributes = Readonly<Record<string, unknown>>;

interface JsonValue {
  readonly kvlistValue?: { readonly values: readonly JsonAttribute[] };
  readonly arrayValue?: { readonly values: readonly JsonValue[] };
  readonly intValue?: string | number;
  readonly [kind: string]: unknown;
}

export interface JsonAttribute {
  readonly key: string;
  readonly value: JsonValue;
}

/** The attributes of a resource or record in the JSON encoding of OTLP. */
export function jsonAttributes(attributes: readonly JsonAttribute[] = []): Attributes {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, jsonValue(value)]));
}

export function jsonValue(value: JsonValue | undefined): unknown {
  if (value?.kvlistValue) return jsonAttributes(value.kvlistValue.values);
  if (value?.arrayValue) return value.arrayValue.values.map(jsonValue);
  return value?.intValue === undefined ? Object.values(value ?? {})[0] : Number(value.intValue);
}

/** A protobuf message as its fields by number, each with all its values. */
export type Fields = ReadonlyMap<number, readonly unknown[]>;

export function fieldsOf(bytes: Uint8Array): Fields {
  const reader = new BinaryReader(bytes);
  const fields = new Map<number, unknown[]>();
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    const values = fields.get(field) ?? [];
    values.push(valueOf(reader, type));
    fields.set(field, values);
  }
  return fields;
}

function valueOf(reader: BinaryReader, type: WireType): unknown {
  if (type === WireType.Varint) return BigInt(reader.int64());
  if (type === WireType.Bit64) return BigInt(reader.fixed64());
  if (type === WireType.Bit32) return BigInt(reader.fixed32());
  return reader.bytes();
}

export function attributesIn(message: Fields, field: number): Attributes {
  return Object.fromEntries(
    all(message, field).map((pair) => {
      const [value] = all(pair, 2);
      return [text(pair, 1), value && anyValue(value)];
    }),
  );
}

export function anyValue(value: Fields): unknown {
  if (value.has(1)) return text(value, 1);
  if (value.has(2)) return one(value, 2) === 1n;
  if (value.has(3)) return Number(one(value, 3));
  if (value.has(4)) return double(one(value, 4));
  if (value.has(5)) return all(value, 5).flatMap((list) => all(list, 1).map(anyValue));
  return value.has(6) ? Object.assign({}, ...all(value, 6).map((list) => attributesIn(list, 1))) : undefined;
}

export const one = (message: Fields, field: number): unknown => message.get(field)?.[0];
export const all = (message: Fields, field: number): Fields[] =>
  (message.get(field) ?? []).map((bytes) => fieldsOf(bytes as Uint8Array));
const bytesOf = (message: Fields, field: number) => Buffer.from((one(message, field) ?? []) as Uint8Array);
export const hex = (message: Fields, field: number): string => bytesOf(message, field).toString('hex');
export const text = (message: Fields, field: number): string => bytesOf(message, field).toString();

/** A double, of which the wire says the bits. */
export function double(bits: unknown): number {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, (bits ?? 0n) as bigint));
  return bytes.readDoubleLE();
}

/** The bits of repeated numbers of eight bytes, which are packed into one value. */
export function packed(message: Fields, field: number): bigint[] {
  const bytes = bytesOf(message, field);
  return Array.from({ length: bytes.length / 8 }, (_, index) => bytes.readBigUInt64LE(index * 8));
}

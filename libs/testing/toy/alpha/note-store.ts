import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Database } from '@fissile/kit/database';
import type { Note, NoteKind } from '../generated/alpha/alpha.js';

interface Row {
  readonly id: string;
  readonly text: string;
  readonly kind: NoteKind;
  readonly writtenAt: Date;
}

const COLUMNS = 'id, text, kind, written_at AS "writtenAt"';

/** No note is this large: the value shows that such a number passes through. */
const LARGE = 2 ** 40;

@Injectable()
export class NoteStore {
  constructor(private readonly database: Database) {}

  async add(text: string, kind: NoteKind): Promise<Note> {
    const sql = `INSERT INTO notes (id, text, kind) VALUES ($1, $2, $3) RETURNING ${COLUMNS}`;
    const [row] = await this.database.query<Row>(sql, [uuidv7(), text, kind]);
    return toNote(row as Row);
  }

  async find(ids: readonly string[]): Promise<Note[]> {
    const sql = `SELECT ${COLUMNS} FROM notes WHERE id = ANY ($1) ORDER BY id`;
    return (await this.database.query<Row>(sql, [ids])).map(toNote);
  }
}

function toNote(row: Row): Note {
  return { ...row, size: { amount: LARGE + row.text.length, unit: 'character' } };
}

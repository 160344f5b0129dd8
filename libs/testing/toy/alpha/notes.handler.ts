import { Injectable } from '@nestjs/common';
import type { Implementation } from '@fissile/kit/contract';
import type { Alpha } from '../alpha.context.js';
import type { AddNoteRequest, GetNotesRequest, Note } from '../generated/alpha/alpha.js';
import { NoteStore } from './note-store.js';

/** The contract that other contexts call. */
@Injectable()
export class NotesHandler implements Implementation<typeof Alpha> {
  constructor(private readonly notes: NoteStore) {}

  async getNotes({ noteIds }: GetNotesRequest): Promise<{ notes: Note[] }> {
    return { notes: await this.notes.find(noteIds) };
  }

  async addNote({ text, kind }: AddNoteRequest): Promise<{ note: Note }> {
    return { note: await this.notes.add(text, kind) };
  }
}

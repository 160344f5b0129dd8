/** A part of what a context keeps of a person. */
export interface PersonalDataPage {
  /** Lists of plain objects, by what they are. The lists of all pages are put together. */
  readonly records: Readonly<Record<string, readonly object[]>>;
  /** Where the next page begins; absent when this is the last one. */
  readonly nextCursor?: string | undefined;
}

/**
 * What the own tables of a context keep of people. Audit log and dead letters are the kit's to export and to erase. A page fits in a
 * message of any transport: keep it below half a megabyte.
 */
export abstract class PersonalRecords {
  /** @param cursor that of the page before; undefined for the first */
  abstract exportPerson(userId: string, cursor: string | undefined): Promise<PersonalDataPage>;

  /**
   * Erases what the context keeps of the person, or whatever leads from it to the person. It is called again, also for
   * somebody who is forgotten already.
   * @throws ContextError unavailable while something is under way that has to end first: it is called again then, too
   */
  abstract forgetPerson(userId: string): Promise<void>;
}

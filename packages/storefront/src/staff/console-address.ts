/** The console has in full what pages of the staff show in brief. */
export const CONSOLE = '/console';

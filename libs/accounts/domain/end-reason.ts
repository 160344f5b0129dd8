/** Why a session ended, as whoever was signed in is told. */
export type EndReason =
  | 'signed_out'
  /** By its user, from another session. */
  | 'ended_elsewhere'
  | 'password_changed'
  | 'second_factor_changed'
  | 'ended_by_admin'
  | 'erased'
  /** A refresh token was used twice, as a stolen one would be. */
  | 'reused';

/** Why a refresh token is refused. */
export type RefusalReason =
  | EndReason
  | 'expired'
  /** It ended before its reason was kept, or has been forgotten, or never was. */
  | 'unknown';

/** Sends a revocation to the other processes, so that it is in force there before its caller is answered. */
export abstract class RevocationBroadcast {
  /** Never rejects: a process that cannot be reached reads the revocation from the issuer a moment later. */
  abstract publish(subjectIds: readonly string[], at: Date): Promise<void>;
}

/** Tells the other processes of a revocation, so that it counts there too before its caller is answered. */
export abstract class RevocationBroadcast {
  /** Never rejects: a process that cannot be reached learns of the revocation from the issuer a moment later. */
  abstract publish(subjectIds: readonly string[], at: Date): Promise<void>;
}

import { Injectable } from '@nestjs/common';
import { RevocationBroadcast, Revocations } from '@fissile/kit/auth';
import type { Transaction } from '@fissile/kit/database';
import { SessionRepository } from './data/session-repository.js';
import type { EndReason } from './domain/end-reason.js';

/** Sessions or users whose tokens are refused, and until which moment of issue. */
export interface EndedSessions {
  readonly subjects: readonly string[];
  readonly at: Date;
}

/** Ends the sessions of a user who is locked. Each must come last in its transaction, and be published after the commit. */
@Injectable()
export class SessionEndings {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly revocations: Revocations,
    private readonly broadcast: RevocationBroadcast,
  ) {}

  /** @returns undefined when there is no other */
  async endOthers(
    transaction: Transaction,
    userId: string,
    keptId: string,
    reason: EndReason,
  ): Promise<EndedSessions | undefined> {
    const open = await this.sessions.openSessionsOf(transaction, userId);
    const subjects = open.filter((id) => id !== keptId);
    if (subjects.length === 0) return undefined;
    return { subjects, at: await this.sessions.end(transaction, subjects, reason) };
  }

  /** As endOthers(), and the access token of the kept one is refused too: it gets a new one. */
  async endOthersAndTokens(
    transaction: Transaction,
    userId: string,
    keptId: string,
    reason: EndReason,
  ): Promise<EndedSessions> {
    const open = await this.sessions.openSessionsOf(transaction, userId);
    const others = open.filter((id) => id !== keptId);
    return {
      subjects: [...others, userId],
      at: await this.sessions.end(transaction, others, reason, userId),
    };
  }

  /** Refuses all tokens of the user that were issued so far. */
  async endAll(transaction: Transaction, userId: string, reason: EndReason): Promise<EndedSessions> {
    const open = await this.sessions.openSessionsOf(transaction, userId);
    return { subjects: [...open, userId], at: await this.sessions.end(transaction, open, reason, userId) };
  }

  /** As endAll(), but the sessions go on: they get new tokens. */
  async refuseTokens(transaction: Transaction, userId: string): Promise<EndedSessions> {
    return { subjects: [userId], at: await this.sessions.end(transaction, [], null, userId) };
  }

  async endOne(transaction: Transaction, sessionId: string, reason: EndReason): Promise<EndedSessions> {
    return { subjects: [sessionId], at: await this.sessions.end(transaction, [sessionId], reason) };
  }

  /** Has every process refuse the tokens. */
  async publish(ended: EndedSessions | undefined): Promise<void> {
    if (!ended) return;
    const { subjects, at } = ended;
    for (const subject of subjects) this.revocations.add(subject, at);
    await this.broadcast.publish([...subjects], at);
  }
}

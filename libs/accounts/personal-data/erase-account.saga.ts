import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ContextError, type ContextName } from '@fissile/kit/contract';
import type { Transaction } from '@fissile/kit/database';
import { AuditLog, PersonalDataClients } from '@fissile/kit/operations';
import { defineSaga, FOR_EVER, noUndo, SagaEngine, type SagaDefinition, Sagas } from '@fissile/kit/saga';

/** Nothing by which the person is known: the saga itself is kept for a while. */
interface Erasure {
  readonly userId: string;
}

/**
 * What was under way as the account was erased may write down afterwards what it had read before: the handling of an event,
 * or a request whose token was good. No call, and no transaction, takes as long as this.
 */
const LATECOMERS_END_AFTER_MS = 60_000;

const FORGET_WITHIN_MS = 30_000;

const NO_WAY_BACK = noUndo('What is erased is erased');

/**
 * Has every context forget a person whose account is erased: at once, and again when what was under way then has ended. It waits for
 * contexts that are unavailable, for as long as that takes.
 */
@Injectable()
export class EraseAccountSaga implements OnModuleInit {
  private readonly logger = new Logger(EraseAccountSaga.name);
  private readonly definition: SagaDefinition<Erasure>;

  constructor(
    private readonly engine: SagaEngine,
    private readonly contexts: PersonalDataClients,
    private readonly audit: AuditLog,
    private readonly sagas: Sagas,
  ) {
    this.definition = this.define();
  }

  onModuleInit(): void {
    this.engine.register(this.definition);
  }

  /** The erasure goes on once the transaction is committed. */
  async startWithin(transaction: Transaction, userId: string): Promise<void> {
    await this.engine.startWithin(transaction, this.definition, { userId });
  }

  /** Whether an erasure was begun so lately that it is still going to ask every context. */
  async isYetToForget(userId: string): Promise<boolean> {
    const begun = await this.sagas.bySubject(userId);
    return begun.some(
      ({ name, createdAt }) =>
        name === this.definition.name && Date.now() - createdAt.getTime() < LATECOMERS_END_AFTER_MS,
    );
  }

  private define(): SagaDefinition<Erasure> {
    return defineSaga<Erasure>({
      name: 'erase-account',
      version: 1,
      subject: ({ userId }) => userId,
      steps: (step) => {
        const forget = (name: string) =>
          step.parallel(
            name,
            this.contexts.contexts.map((context) =>
              step.call(`${name}-in-${context}`, {
                retry: FOR_EVER,
                timeoutMs: FORGET_WITHIN_MS,
                do: ({ userId }) => this.forget(context, userId),
                undo: NO_WAY_BACK,
              }),
            ),
          );
        const record = (name: string, action: 'user.erasure_begun' | 'user.erased') =>
          step.transaction(name, {
            retry: FOR_EVER,
            do: (transaction, { userId: subject }) => this.audit.record(transaction, { action, subject }),
            undo: NO_WAY_BACK,
          });
        return [
          record('begin-erasure', 'user.erasure_begun'),
          forget('forget'),
          step.waitUntil(
            'let-latecomers-end',
            (_data, begunAt) => new Date(begunAt.getTime() + LATECOMERS_END_AFTER_MS),
          ),
          forget('forget-again'),
          record('end-erasure', 'user.erased'),
        ];
      },
    });
  }

  /** No answer of a context ends the erasure: an earlier version of it may not even know the call. */
  private async forget(context: ContextName, userId: string): Promise<void> {
    try {
      await this.contexts.of(context).forgetPerson({ userId });
    } catch (error) {
      if (!(error instanceof ContextError) || error.retryable) throw error;
      this.logger.error(`${context} does not forget a person, and is asked again: ${error.code}`);
      throw ContextError.of('unavailable', `${context} does not forget the person yet`);
    }
  }
}

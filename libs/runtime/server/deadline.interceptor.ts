import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Observable } from 'rxjs';
import { currentCall } from '@fissile/kit/request';

/** Answers a request at its deadline, whatever its handler waits for. */
export class DeadlineInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const cancellation = currentCall()?.cancellation;
    if (!cancellation) return next.handle();
    return new Observable((subscriber) => {
      const onCancel = (): void => subscriber.error(cancellation.reason);
      cancellation.onCancel(onCancel);
      const handling = next.handle().subscribe(subscriber);
      return () => {
        cancellation.offCancel(onCancel);
        handling.unsubscribe();
      };
    });
  }
}

import { ContextError } from '@fissile/kit/contract';
import { ChargeOutcomeUnknown, MethodUnknown, ProviderUnavailable } from './domain/payment-provider.js';

/** Maps a provider's error to one for other contexts and clients. Other errors are returned unchanged. */
export function toContextError(error: unknown): unknown {
  if (error instanceof ChargeOutcomeUnknown) return ContextError.of('payment_outcome_unknown');
  if (error instanceof ProviderUnavailable) return ContextError.of('payment_provider_unavailable');
  if (error instanceof MethodUnknown) return ContextError.of('payment_method_unknown', error.message);
  return error;
}

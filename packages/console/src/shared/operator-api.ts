import type { OperatorApi } from '@fissile/kit/gateway';

/** What the kit's gateway answers operators, whatever product it is the edge of. */
type Answered<Path extends keyof OperatorApi> = OperatorApi[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } };
}
  ? Body
  : never;

export type Topology = Answered<'/api/admin/topology'>;
export type Breaker = NonNullable<Topology['processes'][number]['breakers']>[number];
export type Activity = Answered<'/api/admin/activity'>;
export type Settings = Answered<'/api/admin/settings'>;
export type Setting = Settings['processes'][number]['settings'][number];
export type Advice = Answered<'/api/admin/advice'>;
export type History = Answered<'/api/admin/history'>;
export type Schedule = Answered<'/api/admin/schedules'>['items'][number];
export type Saga = Answered<'/api/admin/sagas'>['items'][number];
export type SagaDetails = Answered<'/api/admin/sagas/{id}'>;
export type Trace = Answered<'/api/admin/traces'>['items'][number];
export type TraceSpan = Answered<'/api/admin/traces/{traceId}'>['spans'][number];
export type LogLine = Answered<'/api/admin/logs'>['items'][number];
export type BulkResult =
  OperatorApi['/api/admin/sagas/retry']['post']['responses'][200]['content']['application/json'];
export type FindLink = Answered<'/api/admin/find'>['links'][number];
export type Found = Answered<'/api/admin/find'>['items'][number];
export type DeadLetter = Answered<'/api/admin/dead-letters'>['items'][number];

export { GatewayKitModule, type GatewayOptions } from './gateway-kit.module.js';
export type { OperatorApi } from './api/operator-api.js';
export { PageFiles } from './pages/page-routes.js';
export { isForOperators, type PageLink, pageLinksOf } from './pages/start-page.js';
export { ResponseFallback, type UpstreamAnswer } from './proxy/response-fallback.js';
export { EdgeThrottlerGuard } from './throttling/edge-throttler.guard.js';
export { ChangeRequest, changeOf } from './change-request.js';
export {
  CHANGE_STAGES,
  type ChangeStage,
  type ChangeView,
  type ControlView,
  NoTopologyControl,
  type RunningProcessView,
  TopologyControl,
  type TopologyRequest,
} from './topology-control.js';
export { ThrottlingModule } from './throttling/throttling.module.js';
export { type BucketLimit, type BucketState, takeToken } from './throttling/token-bucket.js';

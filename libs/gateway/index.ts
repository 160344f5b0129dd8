export { GatewayKitModule, type GatewayOptions } from './gateway-kit.module.js';
export type { OperatorApi } from './api/operator-api.js';
export { PageFiles } from './pages/page-routes.js';
export { ResponseFallback, type UpstreamAnswer } from './proxy/response-fallback.js';
export { ThrottlingModule } from './throttling/throttling.module.js';
export { type BucketLimit, type BucketState, takeToken } from './throttling/token-bucket.js';

// By its own path, which is not public: the package's index loads its host metrics as well.
export { TraceService } from 'nestjs-otel/lib/tracing/trace.service.js';

import * as otel from 'nestjs-otel';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { TraceService } from './trace-service.js';

it('TraceService by its own path is the class that business code imports from nestjs-otel', () => {
  assert.equal(TraceService, otel.TraceService);
});

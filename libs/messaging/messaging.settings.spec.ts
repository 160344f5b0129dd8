import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MessagingSettings } from './messaging.settings.js';

const { schema } = MessagingSettings.shape.KAFKA_BROKERS;

describe('KAFKA_BROKERS', () => {
  it('is one address or several, each with its port', () => {
    assert.deepEqual(schema.parse('kafka:9092'), ['kafka:9092']);
    assert.deepEqual(schema.parse('10.0.0.1:9092, [::1]:9093'), ['10.0.0.1:9092', '[::1]:9093']);
    assert.deepEqual(schema.parse(undefined), ['127.0.0.1:9092']);
  });

  it('is refused when it is something else', () => {
    for (const wrong of [
      '',
      'kafka',
      'kafka:',
      'kafka:70000',
      'kafka://kafka:9092',
      'user@kafka:9092',
      'a:1,b',
    ]) {
      assert.equal(schema.safeParse(wrong).success, false, wrong);
    }
  });
});

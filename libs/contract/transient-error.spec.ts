import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isTransientError } from './transient-error.js';

const PASSES = {
  '08006': 'the connection failed',
  '25006': 'the database is read-only, as a replica is',
  '25P03': 'the session was idle in a transaction for too long',
  '28P01': 'the password was refused, as while it is changed',
  '3D000': 'the database is not there, as while it is restored',
  '40001': 'another transaction was in the way',
  '40P01': 'a deadlock',
  '53100': 'the disk is full',
  '53300': 'too many connections',
  '55000': 'the database accepts no connections',
  '55P03': 'a lock was not available',
  '57014': 'the statement took too long',
  '57P01': 'the server is stopping',
  '57P03': 'the server is starting',
  ECONNRESET: 'the socket broke',
};
const STAYS = { '23505': 'a duplicate', '22P02': 'no number', '42P01': 'no such table', '42501': 'no right' };

describe('What a database says about itself', () => {
  for (const [code, meaning] of Object.entries(PASSES)) {
    it(`passes: ${meaning} (${code})`, () => {
      assert.equal(isTransientError({ code }), true);
      assert.equal(isTransientError({ driverError: { code }, message: 'of TypeORM' }), true);
    });
  }

  for (const [code, meaning] of Object.entries(STAYS)) {
    it(`stays: ${meaning} (${code})`, () => assert.equal(isTransientError({ code }), false));
  }

  it('passes where the driver gives a message alone', () => {
    for (const message of [
      'Connection terminated unexpectedly',
      'Client has encountered a connection error and is not queryable',
      'Client was closed and is not queryable',
      'timeout exceeded when trying to connect',
      'timeout expired',
      'Query read timeout',
    ]) {
      assert.equal(isTransientError(new Error(message)), true, message);
    }
    assert.equal(isTransientError(new Error('no')), false);
    assert.equal(isTransientError(undefined), false);
  });
});

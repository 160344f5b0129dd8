import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callerOf, type Claims } from './oidc-claims.js';

const MAPPING = {
  AUTH_SUBJECT_CLAIM: 'sub',
  AUTH_EMAIL_CLAIM: 'email',
  AUTH_ROLES_CLAIM: 'roles',
  AUTH_ROLE_MAP: [] as string[],
};
const ISSUER = 'https://id.example';

const caller = (claims: Claims, mapping: Partial<typeof MAPPING> = {}) =>
  callerOf({ iss: ISSUER, sub: 'auth0|17', ...claims }, { ...MAPPING, ...mapping });

describe('The user of an external token', () => {
  it('keeps an id that is a UUID, and has one derived from any other', () => {
    const id = '0198F3A2-7C1B-7D11-8A5E-3B1F6A1C2D3E';
    assert.equal(caller({ sub: id }).userId, id.toLowerCase());
    assert.equal(caller({}).userId, '75176d99-1436-5aea-9e49-ded6c8d6cf09');
    assert.notEqual(caller({ iss: 'https://other.example' }).userId, caller({}).userId);
    assert.notEqual(caller({ sub: 'auth0|18' }).userId, caller({}).userId);
    assert.equal(caller({ oid: id }, { AUTH_SUBJECT_CLAIM: 'oid' }).userId, id.toLowerCase());
  });

  it('has shown the provider who they are when the token says so, and at no known time otherwise', () => {
    assert.deepEqual(caller({ auth_time: 1_700_000_000 }).external, {
      signedInAt: new Date(1_700_000_000_000),
    });
    for (const auth_time of [undefined, 'yesterday', -1, 1.5])
      assert.deepEqual(caller({ auth_time }).external, {});
  });

  it('is nobody without an id', () => {
    for (const sub of [undefined, '', 17, ['a'], 'x'.repeat(256)]) assert.throws(() => caller({ sub }));
    assert.throws(() => caller({}, { AUTH_SUBJECT_CLAIM: 'oid' }));
  });

  it('has the email of the token, unless the provider has not verified it', () => {
    assert.equal(caller({ email: 'a@b.example' }).email, 'a@b.example');
    assert.equal(caller({ email: 'a@b.example', email_verified: true }).email, 'a@b.example');
    assert.equal(caller({ upn: 'a@b.example' }, { AUTH_EMAIL_CLAIM: 'upn' }).email, 'a@b.example');
    for (const email_verified of [false, 'false'])
      assert.equal(caller({ email: 'a@b.example', email_verified }).email, undefined);
    for (const email of ['nobody', 17, undefined]) assert.equal(caller({ email }).email, undefined);
  });

  it('has the roles at a path, whose names may have dots', () => {
    const rolesAt = (claims: Claims, path: string): readonly string[] =>
      caller(claims, { AUTH_ROLES_CLAIM: path }).roles;
    assert.deepEqual(rolesAt({ roles: ['admin', 'admin', 'clerk'] }, 'roles'), ['admin', 'clerk']);
    assert.deepEqual(rolesAt({ realm_access: { roles: ['admin'] } }, 'realm_access.roles'), ['admin']);
    assert.deepEqual(rolesAt({ 'https://a.example/roles': ['admin'] }, 'https://a.example/roles'), ['admin']);
    assert.deepEqual(
      rolesAt({ resource_access: { 'my.api': { roles: ['admin'] } } }, 'resource_access.my.api.roles'),
      ['admin'],
    );
    assert.deepEqual(rolesAt({ scope: 'read admin' }, 'scope'), ['read', 'admin']);
  });

  it('has no roles where there are none, or none of that form', () => {
    for (const roles of [undefined, null, 17, { admin: true }, [17, null, ''], [['admin']]])
      assert.deepEqual(caller({ roles }).roles, [], JSON.stringify(roles));
    for (const path of ['constructor', 'constructor.name', '__proto__.admin', 'roles.length', 'a..b'])
      assert.deepEqual(caller({ roles: ['x'] }, { AUTH_ROLES_CLAIM: path }).roles, [], path);
  });

  it('has mapped roles alone where there is a map', () => {
    const AUTH_ROLE_MAP = ['staff-admins=admin', 'cn=ops=admin', 'clerks=clerk'];
    const rolesOf = (...roles: string[]) => caller({ roles }, { AUTH_ROLE_MAP }).roles;
    assert.deepEqual(rolesOf('staff-admins', 'cn=ops'), ['admin']);
    assert.deepEqual(rolesOf('clerks', 'others'), ['clerk']);
    assert.deepEqual(rolesOf('admin'), [], 'the name here is not one at the provider');
  });
});

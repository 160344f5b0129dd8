import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addToTopologies } from './topology-file.js';

describe('A new context in the topologies', () => {
  it('gets a process of its own where each context has one, behind the gateway', () => {
    const text = '# A process for each.\nsplit:\n  gateway: [gateway]\n  # The first.\n  alpha: [alpha]\n';
    assert.equal(
      addToTopologies(text, 'beta'),
      '# A process for each.\nsplit:\n  gateway: [gateway]\n  beta: [beta]\n  # The first.\n  alpha: [alpha]\n',
    );
  });

  it('joins the first process without the gateway elsewhere, before those that it may call', () => {
    const text =
      'two:\n  edge: [gateway, users]\n  core: { hosts: [alpha, gamma], instances: 3 }\n  rest:\n    - delta\n';
    assert.equal(
      addToTopologies(text, 'beta'),
      'two:\n  edge: [gateway, users]\n  core: {hosts: [beta, alpha, gamma], instances: 3}\n  rest:\n    - delta\n',
    );
    assert.equal(
      addToTopologies('one:\n  all: [gateway, alpha]\n', 'beta'),
      'one:\n  all: [gateway, beta, alpha]\n',
    );
    assert.equal(
      addToTopologies('two:\n  edge: [gateway]\n  core:\n    - alpha\n    - gamma\n', 'beta'),
      'two:\n  edge: [gateway]\n  core:\n    - beta\n    - alpha\n    - gamma\n',
    );
  });

  it('joins a process that hosts one context under another name', () => {
    assert.equal(
      addToTopologies('two:\n  edge: [gateway]\n  core: [alpha]\n', 'beta'),
      'two:\n  edge: [gateway]\n  core: [beta, alpha]\n',
    );
  });

  it('needs no place where there is only the monolith', () => {
    assert.equal(addToTopologies('# None yet.\n', 'beta'), '# None yet.\n');
  });

  it('is refused where it has none, by the name of each topology', () => {
    const problems = addToTopologies('one: [alpha]\ntwo: { core: alpha }\n', 'beta');
    assert.ok(Array.isArray(problems));
    assert.deepEqual(
      problems.map((problem) => problem.slice(0, 4)),
      ['one:', 'two:'],
    );
    assert.match(String(addToTopologies('one: [', 'beta')), /not YAML/);
    assert.match(String(addToTopologies('one', 'beta')), /expected topologies by their names/);
  });
});

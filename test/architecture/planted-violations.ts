/** For each border rule, files that break it and nothing else. Paths are as in the repository. */
export const PLANTED_VIOLATIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'no-cycles': {
    'libs/one/a.ts': `import './b.js';`,
    'libs/one/b.ts': `import './a.js';`,
  },
  'no-unresolved-import': { 'libs/one/a.ts': `import './nowhere.js';` },
  'no-undeclared-package': {
    'libs/one/a.ts': `import 'undeclared';`,
    'node_modules/undeclared/package.json': `{ "name": "undeclared", "version": "1.0.0", "main": "index.js" }`,
    'node_modules/undeclared/index.js': '',
  },
  'no-dev-package-in-shipped-code': {
    'libs/one/a.ts': `import 'for-tests';`,
    'node_modules/for-tests/package.json': `{ "name": "for-tests", "version": "1.0.0", "main": "index.js" }`,
    'node_modules/for-tests/index.js': '',
  },
  'only-the-monolith-imports-apps': {
    'apps/orders/src/a.ts': `import '../../payments/src/b.js';`,
    'apps/payments/src/b.ts': '',
  },
  'monolith-hosts-modules': {
    'apps/monolith/src/main.ts': `import '../../orders/src/data/b.js';`,
    'apps/orders/src/data/b.ts': '',
  },
  'apps-stand-on-libs': { 'apps/orders/src/a.ts': `import '../../../tools/b.js';`, 'tools/b.ts': '' },
  'tools-and-tests-stay-outside': {
    'tools/a.ts': `import '../apps/orders/src/b.js';`,
    'apps/orders/src/b.ts': '',
  },
  'domain-is-pure': {
    'apps/orders/src/domain/a.ts': `import 'declared';`,
    'node_modules/declared/package.json': `{ "name": "declared", "version": "1.0.0", "main": "index.js" }`,
    'node_modules/declared/index.js': '',
  },
  'domain-knows-no-outer-layer': {
    'apps/orders/src/domain/a.ts': `import '../data/b.js';`,
    'apps/orders/src/data/b.ts': '',
  },
  'data-knows-no-api': {
    'apps/orders/src/data/a.ts': `import '../api/b.js';`,
    'apps/orders/src/api/b.ts': '',
  },
  'packages-stand-alone': {
    'packages/one/src/a.ts': `import '../../../libs/one/b.js';`,
    'libs/one/b.ts': '',
  },
  'packages-by-their-name': {
    'tools/a.ts': `import '../packages/one/src/b.js';`,
    'packages/one/src/b.ts': '',
  },
  'no-package-in-shipped-code': {
    'libs/one/a.ts': `import '../../packages/one/dist/index.js';`,
    'packages/one/dist/index.js': '',
  },
  'kit-stands-alone': { 'libs/one/a.ts': `import '../../contracts/b.js';`, 'contracts/b.ts': '' },
  'kit-by-its-exports': { 'libs/one/a.ts': `import '../two/inside.js';`, 'libs/two/inside.ts': '' },
  'no-own-index-inside-a-room': { 'libs/one/a.ts': `import './index.js';`, 'libs/one/index.ts': '' },
  'contracts-by-their-exports': {
    'apps/orders/src/a.ts': `import '../../../contracts/orders/inside.js';`,
    'contracts/orders/inside.ts': '',
  },
  'contracts-know-no-app': {
    'contracts/a.ts': `import '../apps/orders/src/b.js';`,
    'apps/orders/src/b.ts': '',
  },
  'testing-for-tests': { 'libs/one/a.ts': `import '../testing/index.js';`, 'libs/testing/index.ts': '' },
  'generated-code-stands-alone': {
    'contracts/generated/a.ts': `import '../b.js';`,
    'contracts/b.ts': '',
  },
};

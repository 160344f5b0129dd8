/**
 * For each boundary rule, files that break it. Paths are as in the repository, and no two rules have the same, since
 * all of them form one tree; files of packages exist for the files that import them.
 */
export const PLANTED_VIOLATIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'no-cycles': {
    'libs/ring/a.ts': `import './b.js';`,
    'libs/ring/b.ts': `import './a.js';`,
  },
  'no-unresolved-import': { 'libs/lost/a.ts': `import './missing.js';` },
  'no-undeclared-package': {
    'libs/lucky/a.ts': `import 'undeclared';`,
    'node_modules/undeclared/package.json': `{ "name": "undeclared", "version": "1.0.0", "main": "index.js" }`,
    'node_modules/undeclared/index.js': '',
  },
  'no-dev-package-in-shipped-code': {
    'libs/shipped/a.ts': `import 'for-tests';`,
    'node_modules/for-tests/package.json': `{ "name": "for-tests", "version": "1.0.0", "main": "index.js" }`,
    'node_modules/for-tests/index.js': '',
  },
  'only-the-monolith-imports-apps': {
    'apps/orders/src/caller.ts': `import '../../payments/src/called.js';`,
    'apps/payments/src/called.ts': '',
  },
  'monolith-hosts-modules': {
    'apps/monolith/src/main.ts': `import '../../orders/src/data/hosted.js';`,
    'apps/orders/src/data/hosted.ts': '',
  },
  'apps-stand-on-libs': {
    'apps/orders/src/leaning.ts': `import '../../../tools/leant-on.js';`,
    'tools/leant-on.ts': '',
  },
  'tools-and-tests-stay-outside': {
    'tools/insider.ts': `import '../apps/orders/src/inside.js';`,
    'apps/orders/src/inside.ts': '',
  },
  'domain-is-pure': {
    'apps/orders/src/domain/impure.ts': `import 'declared';`,
    'node_modules/declared/package.json': `{ "name": "declared", "version": "1.0.0", "main": "index.js" }`,
    'node_modules/declared/index.js': '',
  },
  'domain-knows-no-outer-layer': {
    'apps/orders/src/domain/inner.ts': `import '../data/outer.js';`,
    'apps/orders/src/data/outer.ts': '',
  },
  'data-knows-no-api': {
    'apps/orders/src/data/stored.ts': `import '../api/route.js';`,
    'apps/orders/src/api/route.ts': '',
  },
  'packages-stand-alone': {
    'packages/client/src/a.ts': `import '../../../libs/wanted/b.js';`,
    'libs/wanted/b.ts': '',
  },
  'console-is-the-kits': {
    'packages/console/src/a.ts': `import type { paths } from '../../client/src/index.js';`,
    'packages/client/src/index.ts': 'export interface paths {}',
  },
  'operator-types-for-the-console': {
    'packages/console/src/b.ts': `import '../../../libs/gateway/index.js';`,
    'libs/gateway/index.ts': '',
  },
  'packages-by-their-name': {
    'tools/user.ts': `import '../packages/used/src/b.js';`,
    'packages/used/src/b.ts': '',
  },
  'no-package-in-shipped-code': {
    'libs/packed/a.ts': `import '../../packages/packed/dist/index.js';`,
    'packages/packed/dist/index.js': '',
  },
  'kit-stands-alone': {
    'libs/knowing/a.ts': `import '../../contracts/known.js';`,
    'contracts/known.ts': '',
  },
  'kit-by-its-exports': {
    'libs/visitor/a.ts': `import '../visited/inside.js';`,
    'libs/visited/inside.ts': '',
  },
  'no-own-index-inside-a-room': { 'libs/mirror/a.ts': `import './index.js';`, 'libs/mirror/index.ts': '' },
  'contracts-by-their-exports': {
    'apps/reaching/src/a.ts': `import '../../../contracts/reached/inside.js';`,
    'contracts/reached/inside.ts': '',
  },
  'contracts-know-no-app': {
    'contracts/knowing.ts': `import '../apps/known/src/b.js';`,
    'apps/known/src/b.ts': '',
  },
  'testing-for-tests': { 'libs/injected/a.ts': `import '../testing/index.js';`, 'libs/testing/index.ts': '' },
  'gateway-only-at-the-edge': {
    'libs/everywhere/a.ts': `import '../gateway/proxy.js';`,
    'libs/gateway/proxy.ts': '',
  },
  'generated-code-stands-alone': {
    'contracts/generated/made.ts': `import '../source.js';`,
    'contracts/source.ts': '',
  },
};

// Who may import whom. The rules are patterns over folders, so they hold for a new context from its first file.

const TEST_CODE = ['\\.spec\\.ts$', '^test/'];

const general = [
  {
    name: 'no-cycles',
    comment: 'Files that import each other can only be read, tested and changed together.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-unresolved-import',
    comment: 'An import that leads nowhere fails at start, or at the first call.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-undeclared-package',
    comment: 'A package that package.json does not name disappears with the package that brought it.',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'no-dev-package-in-shipped-code',
    comment: 'Development packages are not installed in production. Their types may be used.',
    from: { path: '^(apps|contracts)/', pathNot: TEST_CODE },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
  },
  {
    name: 'kit-testing-for-tests',
    comment: 'The test kit injects faults; nothing that ships may import it.',
    from: { pathNot: TEST_CODE },
    to: { path: '@fissile/kit/dist/testing/' },
  },
];

const apps = [
  {
    name: 'only-the-monolith-imports-apps',
    comment: 'A context can move to another process, so it calls the others by their contracts alone.',
    from: { path: '^apps/(?!monolith/)([^/]+)/' },
    to: { path: '^apps/', pathNot: '^apps/$1/' },
  },
  {
    name: 'monolith-hosts-modules',
    comment: 'The monolith imports <context>.module.ts of each context, and nothing else of it.',
    from: { path: '^apps/monolith/' },
    to: { path: '^apps/', pathNot: ['^apps/monolith/', '^apps/([^/]+)/src/\\1\\.module\\.ts$'] },
  },
  {
    name: 'tests-stay-outside',
    comment: 'Scenarios see the product as its clients do, so they hold in any topology.',
    from: { path: '^test/' },
    to: { path: '^apps/' },
  },
  {
    name: 'apps-know-no-tests',
    comment: 'What runs in production does not import tests.',
    from: { path: '^(apps|contracts)/' },
    to: { path: '^test/' },
  },
];

const layers = [
  {
    name: 'domain-is-pure',
    comment: 'Business rules know no Nest, HTTP or SQL. Allowed packages are listed here.',
    from: { path: '^apps/[^/]+/src/domain/', pathNot: TEST_CODE },
    to: {
      path: ['(^|/)node_modules/', '^(node:)?(http|https|http2|net|tls|dgram)$'],
      pathNot: '(^|/)node_modules/(uuid|zod)/',
    },
  },
  {
    name: 'domain-knows-no-outer-layer',
    comment: 'api/ and data/ depend on domain/, never the other way round.',
    from: { path: '^apps/[^/]+/src/domain/' },
    to: { path: '^apps/[^/]+/src/(api|data)/' },
  },
  {
    name: 'data-knows-no-api',
    comment: 'Storage does not change when a route does.',
    from: { path: '^apps/[^/]+/src/data/' },
    to: { path: '^apps/[^/]+/src/api/' },
  },
];

const contracts = [
  {
    name: 'contracts-by-their-exports',
    comment: 'What the index.ts of a contract does not export is its own.',
    from: { pathNot: '^contracts/' },
    to: { path: '^contracts/', pathNot: ['^contracts/index\\.ts$', '^contracts/[^/]+/index\\.ts$'] },
  },
  {
    name: 'contracts-know-no-app',
    comment: 'Every process loads the contracts, whatever it hosts.',
    from: { path: '^contracts/' },
    to: { path: '^apps/' },
  },
  {
    name: 'generated-code-stands-alone',
    comment: 'It is made from the .proto files alone and replaced as a whole.',
    from: { path: '^contracts/generated/' },
    to: { path: '.', pathNot: ['^contracts/generated/', '(^|/)node_modules/@bufbuild/protobuf/'] },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [...general, ...apps, ...layers, ...contracts].map((rule) => ({ ...rule, severity: 'error' })),
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    // Imports of types are imports too.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      // It resolves #contracts to the sources rather than to what was compiled from them.
      conditionNames: ['product-source', 'import', 'node', 'types', 'default'],
      exportsFields: ['exports'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};

// Who may import whom. The rules are patterns over folders, so a new app, context or lib is held to them from
// its first file. Each rule has a planted violation in test/architecture/planted-violations.ts.

const OUTSIDE_APPS_AND_LIBS = '^(tools|test|bench)/';
const EXPORTS_OF_LIBS = ['^libs/[^/]+/index\\.ts$', '^libs/testing/toy/index\\.ts$'];
const EXPORTS_OF_CONTRACTS = ['^contracts/index\\.ts$', '^contracts/[^/]+/index\\.ts$'];
const TEST_CODE = ['\\.spec\\.ts$', '^libs/testing/'];

const general = [
  {
    name: 'no-cycles',
    comment:
      'Files that reach each other can only be read, tested and changed together. Types count: a ring of types is one too.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-unresolved-import',
    comment: 'An import that leads nowhere fails at start, or worse, at the first call.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-undeclared-package',
    comment:
      'A package that package.json does not name is there by luck: it goes when the one that brought it goes.',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'no-dev-package-in-shipped-code',
    comment:
      'Development packages are not installed in production. Their types may be used: the compiler erases them.',
    from: { path: '^(apps|contracts|libs)/', pathNot: TEST_CODE },
    // The kit has dependencies and peers of its own, which the tests of the repository may use too.
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm', 'npm-peer'] },
  },
];

const apps = [
  {
    name: 'only-the-monolith-imports-apps',
    comment:
      'A context must be able to move to another process, so it reaches the others by their contracts alone.',
    from: { path: '^apps/(?!monolith/)([^/]+)/' },
    to: { path: '^apps/', pathNot: '^apps/$1/' },
  },
  {
    name: 'monolith-hosts-modules',
    comment:
      'The monolith puts contexts together and knows nothing of their inside: of each it imports <context>.module.ts.',
    from: { path: '^apps/monolith/' },
    to: { path: '^apps/', pathNot: ['^apps/monolith/', '^apps/([^/]+)/src/\\1\\.module\\.ts$'] },
  },
  {
    name: 'apps-stand-on-libs',
    comment: 'What runs in production does not lean on tools, tests or benchmarks.',
    from: { path: '^apps/', pathNot: TEST_CODE },
    to: { path: OUTSIDE_APPS_AND_LIBS },
  },
  {
    name: 'tools-and-tests-stay-outside',
    comment:
      'They see the product as its clients do, so they hold on any topology. Apps are started, not imported.',
    from: { path: OUTSIDE_APPS_AND_LIBS },
    to: { path: '^apps/' },
  },
];

const layers = [
  {
    name: 'domain-is-pure',
    comment:
      'Rules of the business know no Nest, HTTP or SQL. Packages are listed by what is allowed, since a new client of HTTP or SQL would be forgotten in a list of what is not.',
    from: { path: '^apps/[^/]+/src/domain/', pathNot: TEST_CODE },
    to: {
      path: ['(^|/)node_modules/', '^(node:)?(http|https|http2|net|tls|dgram)$'],
      pathNot: '(^|/)node_modules/(uuid|zod)/',
    },
  },
  {
    name: 'domain-knows-no-outer-layer',
    comment: 'api/ and data/ depend on domain/; the other way round a rule could not be tested without them.',
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

const packages = [
  {
    name: 'packages-stand-alone',
    comment: 'They know the product by its public API alone, and could be in another repository.',
    from: { path: '^packages/([^/]+)/' },
    to: {
      path: ['^(apps|contracts|libs)/', OUTSIDE_APPS_AND_LIBS],
      // A link in create-fissile leads to the first, so that it is compiled and packed there too. The console has its
      // types from the second.
      pathNot: ['^libs/cli/new/context-names\\.ts$', '^libs/gateway/index\\.ts$'],
    },
  },
  {
    name: 'console-is-the-kits',
    comment: 'It ships with the kit and shows any product, so neither it nor its client knows the shop.',
    from: { path: '^packages/(api-client|console)/' },
    to: { path: ['^(apps|contracts)/', '^packages/(?!api-client/|console/)'] },
  },
  {
    name: 'operator-types-for-the-console',
    comment: 'Types are compiled away; code of the kit would be in the page.',
    from: { path: '^packages/' },
    to: { path: '^libs/gateway/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'packages-by-their-name',
    comment: 'What a package does not export may change at any time.',
    from: { path: '^(packages/[^/]+|apps|contracts|libs|tools|test|bench)/' },
    to: { path: '^packages/', pathNot: ['^$1/', '^packages/[^/]+/(dist|src)/index\\.'] },
  },
  {
    name: 'no-package-in-shipped-code',
    comment: 'Images hold what apps and libs import, and no package of the workspace.',
    from: { path: '^(apps|contracts|libs)/' },
    to: { path: '^packages/' },
  },
];

const libs = [
  {
    name: 'kit-stands-alone',
    comment:
      'The kit carries every product built on it, so it knows none of them, and no tool or test either.',
    from: { path: '^libs/' },
    to: { path: ['^(apps|contracts)/', OUTSIDE_APPS_AND_LIBS] },
  },
  {
    name: 'kit-by-its-exports',
    comment: 'What the index.ts of a room does not export may change at any time.',
    from: { path: '^(libs/[^/]+|apps|contracts|tools|test|bench)/' },
    to: { path: '^libs/(?!node_modules/)', pathNot: ['^$1/', ...EXPORTS_OF_LIBS] },
  },
  {
    name: 'no-own-index-inside-a-room',
    comment: 'A file that imports the index.ts which exports it closes a ring as soon as that grows.',
    from: { path: '^libs/([^/]+)/' },
    to: { path: '^libs/$1/index\\.ts$' },
  },
  {
    name: 'contracts-by-their-exports',
    comment: 'What the index.ts of a contract does not export is its own.',
    from: { pathNot: '^contracts/' },
    to: { path: '^contracts/', pathNot: EXPORTS_OF_CONTRACTS },
  },
  {
    name: 'contracts-know-no-app',
    comment: 'Every process loads the contracts, whatever it hosts.',
    from: { path: '^contracts/' },
    to: { path: ['^apps/', OUTSIDE_APPS_AND_LIBS] },
  },
  {
    name: 'testing-for-tests',
    comment:
      'The harness injects faults; nothing that ships may reach it, but the commands that test a product.',
    from: { pathNot: [...TEST_CODE, '^(test|bench)/', '^libs/cli/(commands/)?(parity|faults)'] },
    to: { path: '^libs/testing/' },
  },
  {
    name: 'gateway-only-at-the-edge',
    comment:
      'Every process loads the other rooms; the proxy and what it is made of are an eighth of the memory of one without it.',
    // The probe of `fissile advise` is a program of its own.
    from: { path: '^libs/(?!gateway/|cli/advise/probe/)', pathNot: TEST_CODE },
    to: { path: '^libs/gateway/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'generated-code-stands-alone',
    comment: 'It is made from the .proto files, or the OpenAPI document, alone and replaced as a whole.',
    from: { path: '(^|/)generated/' },
    to: { path: '.', pathNot: ['(^|/)generated/', '(^|/)node_modules/@bufbuild/protobuf/'] },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [...general, ...apps, ...layers, ...packages, ...libs].map((rule) => ({
    ...rule,
    severity: 'error',
  })),
  options: {
    doNotFollow: { path: ['node_modules', '^packages/[^/]+/dist/'] },
    // A package of the workspace has a package.json of its own beside that of the root.
    combinedDependencies: true,
    // What create-fissile writes is held to the rules of the project that it writes.
    exclude: { path: '^(libs/)?dist/|^packages/create-fissile/template/' },
    // Imports of types are imports: they bind the files just as firmly when one of them changes.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      // `@fissile/source` leads @fissile/kit/* to libs/*/index.ts rather than to what was compiled from it, `source` the
      // other packages.
      conditionNames: ['@fissile/source', 'source', 'import', 'node', 'types', 'default'],
      exportsFields: ['exports'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};

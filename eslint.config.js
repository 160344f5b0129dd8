import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

// Formatting is prettier's alone; the boundaries between apps, libs and layers are dependency-cruiser's.
// What stands here needs the syntax or the types of one file.

const commonJs = {
  languageOptions: {
    sourceType: 'commonjs',
    globals: { module: 'writable', require: 'readonly', process: 'readonly', console: 'readonly' },
  },
};

// Promises that nobody waits for are the usual way a server loses errors; the rules see them only with types.
const asynchronous = {
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/no-floating-promises': [
    'error',
    // The test runner itself waits for these.
    {
      allowForKnownSafeCalls: [
        { from: 'package', package: 'node:test', name: ['describe', 'it', 'suite', 'test'] },
      ],
    },
  ],
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/prefer-promise-reject-errors': 'error',
  // Inside try, a promise returned without await escapes the catch.
  '@typescript-eslint/return-await': ['error', 'in-try-catch'],
};

const typing = {
  // Knows decorators: a class used only as the type of a constructor's parameter stays a value import there,
  // because Nest reads it from the emitted metadata.
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-unnecessary-type-assertion': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'all' }],
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
  ],
};

const namedExports = {
  selector: 'ExportAllDeclaration',
  message: 'Name what you export: `export *` hides what a room offers.',
};

const literalSpreads = {
  selector: 'SpreadElement > :matches(ObjectExpression, ArrayExpression).argument',
  message: 'Write the members where they belong: a spread of a literal only steers the formatter.',
};

const imports = {
  'no-restricted-imports': [
    'error',
    {
      patterns: [
        {
          regex: '^\\.{1,2}/(.*/)?libs/',
          message: "The kit is imported by its exports: '@fissile/kit/<room>'.",
        },
        {
          regex: '^\\.{1,2}/(.*/)?contracts/',
          message: "Contracts are imported by their names: '#contracts/<context>'.",
        },
      ],
    },
  ],
  'no-restricted-syntax': ['error', namedExports, literalSpreads],
};

export default defineConfig(
  {
    ignores: [
      '**/dist/',
      '**/generated/',
      'examples/',
      'packages/create-fissile/template/',
      'coverage/',
      '.data/',
    ],
  },
  {
    // A finding is mended, not silenced: comments that switch rules off have no effect.
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
  },
  js.configs.recommended,
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
    },
  },
  { files: ['**/*.cjs'], ...commonJs },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommended],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      ...asynchronous,
      ...typing,
      ...imports,
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // A suite is one function around all of its tests.
    files: ['**/*.spec.ts', 'test/security/{api*,page-sessions,requests,text-as-sent,webhooks}.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    // A product fills these interfaces by declaration merging.
    files: [
      'libs/contract/product-names.ts',
      'libs/users/users-context.ts',
      'contracts/index.ts',
      'libs/testing/toy/**',
    ],
    rules: {
      '@typescript-eslint/no-empty-object-type': 'off',
      '@typescript-eslint/no-namespace': 'off',
    },
  },
  {
    // The body of an answer can be anything, and a test says at once when it is not what it expects.
    files: ['test/harness/api.ts', 'libs/testing/product/send-request.ts'],
    rules: { '@typescript-eslint/no-explicit-any': 'off' },
  },
);

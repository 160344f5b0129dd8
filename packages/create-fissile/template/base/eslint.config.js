import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

// Prettier formats, and dependency-cruiser holds the boundaries between apps and layers. These rules need the syntax or
// the types of one file.

const asynchronous = {
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/no-floating-promises': [
    'error',
    // The test runner waits for these.
    {
      allowForKnownSafeCalls: [
        { from: 'package', package: 'node:test', name: ['describe', 'it', 'suite', 'test'] },
      ],
    },
  ],
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/return-await': ['error', 'in-try-catch'],
};

const typing = {
  // A class that is the type of a constructor's parameter stays a value import: Nest reads it from the metadata.
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-unnecessary-type-assertion': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'all' }],
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
  ],
};

const imports = {
  'no-restricted-imports': [
    'error',
    {
      patterns: [
        {
          regex: '^\\.{1,2}/(.*/)?contracts/',
          message: "Contracts are imported by their names: '#contracts/<context>'.",
        },
      ],
    },
  ],
};

export default defineConfig(
  { ignores: ['**/dist/', '**/generated/', 'client/', '.data/'] },
  js.configs.recommended,
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { module: 'writable' } },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: { eqeqeq: ['error', 'always', { null: 'ignore' }], ...asynchronous, ...typing, ...imports },
  },
  {
    // The product fills these interfaces by declaration merging.
    files: ['contracts/index.ts'],
    rules: {
      '@typescript-eslint/no-empty-object-type': 'off',
      '@typescript-eslint/no-namespace': 'off',
    },
  },
);

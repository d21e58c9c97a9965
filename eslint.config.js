import js from '@eslint/js';
import lit from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import wc from 'eslint-plugin-wc';
import {defineConfig, globalIgnores} from 'eslint/config';
import ts from 'typescript-eslint';

const WEB = ['mobile-pwa/**/*.ts', 'admin/web/**/*.ts', 'plugins/*/web/**/*.ts'];
const TESTS = ['**/test/**/*.ts'];

export default defineConfig(
  globalIgnores([
    '**/dist/',
    '**/target/',
    '**/node_modules/',
    'docs/',
    'embedded-services/',
    'desktop-shell/',
    'plugin-api/',
  ]),
  js.configs.recommended,
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {globals: {console: 'readonly', process: 'readonly', URL: 'readonly'}},
  },
  {
    files: WEB,
    extends: [
      ts.configs.strictTypeChecked,
      ts.configs.stylisticTypeChecked,
      lit.configs['flat/recommended'],
      wc.configs['flat/best-practice'],
    ],
    plugins: {'lit-a11y': litA11y},
    languageOptions: {parserOptions: {projectService: true, tsconfigRootDir: import.meta.dirname}},
    settings: {wc: {elementBaseClasses: ['LitElement']}},
    rules: {
      ...litA11y.configs.recommended.rules,
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-function-return-type': ['error', {allowExpressions: true}],
      '@typescript-eslint/no-unused-vars': ['error', {argsIgnorePattern: '^_'}],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'lit/attribute-names': 'off', // properties that are set by Lit bindings keep their names
      'lit/no-native-attributes': 'off', // our fields and buttons mean the same by label, type and disabled as the native ones
      'lit/no-value-attribute': 'error',
      // Lit's own listeners in templates end with the element; those on window and document are removed by hand.
      'wc/guard-super-call': 'off', // LitElement has the callbacks
      'no-restricted-syntax': [
        'error',
        {selector: 'ExportDefaultDeclaration', message: 'Export by name.'},
        {selector: 'TSEnumDeclaration', message: 'Use a union of texts.'},
      ],
    },
  },
  {
    files: TESTS,
    rules: {'@typescript-eslint/no-unsafe-class-instance-assignment': 'off'}, // document.createElement makes our elements
  },
);

import {defineConfig} from 'vitest/config';

export default defineConfig({
  // The decorators of Lit are the ones of TypeScript; fields must not shadow reactive properties.
  oxc: {
    decorator: {legacy: true},
    typescript: {removeClassFieldsWithoutInitializer: true},
    assumptions: {setPublicClassFields: true},
  },
  test: {
    environment: 'happy-dom',
    include: [
      'mobile-pwa/packages/*/test/**/*.test.ts',
      'admin/web/test/**/*.test.ts',
      'plugins/*/web/test/**/*.test.ts',
    ],
    restoreMocks: true,
    unstubGlobals: true,
  },
});

// Builds two pages from one code base: manager.html for the children, frame.html for the frame's screen.
//
// Addresses are absolute, because the manager is served for any path (/invite/…, /albums/…).
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  plugins: [svelte()],
  resolve: {
    alias: { $lib: path('./src/lib'), $locales: path('./src/locales') },
    // Vitest would otherwise take Svelte's server build, which has no runes at run time.
    conditions: process.env['VITEST'] ? ['browser'] : undefined,
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The oldest web views in use: WebKitGTK 2.40 on the frame, phones of early 2023.
    target: ['chrome111', 'safari16.4', 'firefox115'],
    rollupOptions: { input: { manager: path('./manager.html'), frame: path('./frame.html') } },
  },
  server: {
    proxy: Object.fromEntries(
      ['/v1', '/media', '/openapi.json'].map((prefix) => [prefix, process.env['PICUP_SERVER'] ?? 'http://127.0.0.1:8520']),
    ),
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});

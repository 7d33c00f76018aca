// The frame's screens in a real browser, at the sizes of real panels, against a bridge whose state the test decides.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests/frame',
  outputDir: 'test-results/frame',
  fullyParallel: true,
  // Most of a test is waiting for what a person waits for.
  workers: 2,
  timeout: 30_000,
  expect: { timeout: 8_000 },
  forbidOnly: true,
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 800 },
    hasTouch: true,
    launchOptions: {
      executablePath: process.env['PICUP_CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
    },
  },
});

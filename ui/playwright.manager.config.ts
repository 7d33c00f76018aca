// The manager in a real browser against a real server, at the size of a phone and of a desk.
import { defineConfig } from '@playwright/test';
import { launchOptions } from './tests/browser';

export default defineConfig({
  testDir: 'tests/manager',
  outputDir: 'test-results/manager',
  globalSetup: './tests/manager/server.ts',
  fullyParallel: false,
  // Each test has a family of its own.
  workers: 2,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    baseURL: process.env['PICUP_TEST_URL'],
    launchOptions,
    locale: 'en-GB',
    timezoneId: 'Asia/Seoul',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
  },
  projects: [
    {
      name: 'phone',
      use: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
    },
    { name: 'desktop', use: { viewport: { width: 1280, height: 900 } } },
  ],
});

// SPDX-License-Identifier: Apache-2.0
// Usage: node --test swagger-ui.test.mjs, with the addresses in the environment: see DashboardIT.
import { chromium } from 'playwright-core';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

const { CLASSIFIER, INGEST, TRAINER, CHROMIUM } = process.env;
const PATIENCE = { timeout: 60_000 };

let browser;
before(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
});
after(() => browser.close());

for (const [service, address, operation] of [
  ['classifier', CLASSIFIER, 'windowsOfFeed'],
  ['ingest', INGEST, 'publish'],
  ['trainer', TRAINER, 'label'],
]) {
  test(`Swagger UI shows the API of ${service} without faults`, async () => {
    const page = await browser.newPage();
    const faults = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('requestfailed', (request) => faults.push(request.url()));
    page.on('request', (request) => request.url().startsWith(address) || request.url().startsWith('data:')
      || faults.push('another origin: ' + request.url()));
    await page.goto(address + '/q/swagger-ui/');
    await page.locator(`[id$="-${operation}"] .opblock-summary`).click(PATIENCE);
    await page.locator('.opblock-body').first().waitFor(PATIENCE);
    await page.locator('#swaggerUiLogoLink').waitFor(PATIENCE); // made by the page's second script
    assert.deepEqual(faults, []);
    await page.close();
  });
}

test('Swagger UI sends a request', async () => {
  const page = await browser.newPage();
  await page.goto(CLASSIFIER + '/q/swagger-ui/');
  const operation = page.locator('[id="operations-operations-status"]');
  await operation.locator('.opblock-summary').click(PATIENCE);
  await operation.getByRole('button', { name: 'Try it out' }).click(PATIENCE);
  await operation.getByRole('button', { name: 'Execute' }).click(PATIENCE);
  await operation.locator('.live-responses-table').getByText('activeModel').first().waitFor(PATIENCE);
  await page.close();
});

test('the policy of Swagger UI is for its own path', async () => {
  for (const [path, allowed] of [['/q/swagger-ui/', true], ['/', false], ['/status', false], ['/q/openapi', false]]) {
    const answer = await fetch(CLASSIFIER + path);
    await answer.text(); // an answer that is not read keeps the process from ending
    const policy = answer.headers.get('content-security-policy');
    assert.equal(policy.includes('unsafe-inline'), allowed, path + ': ' + policy);
    assert.match(policy, /^default-src 'none'; /);
    assert.ok(!/script-src[^;]*unsafe/.test(policy), policy);
  }
});

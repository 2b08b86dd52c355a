// SPDX-License-Identifier: Apache-2.0
// Usage: node --test dashboard.test.mjs, with the addresses and what must be seen in the environment: see DashboardIT.
import { chromium } from 'playwright-core';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';

const { CLASSIFIER, INGEST, CHROMIUM, COUNTS, VERSION, BEFORE, SCREENSHOTS } = process.env;
const counts = JSON.parse(COUNTS); // tweets by feed
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PATIENCE = { timeout: 60_000 };

let browser;
before(async () => {
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
});
after(() => browser.close());

/** A page whose errors, dialogs and refused resources fail the test. */
async function open(address, options = {}, expected = /^$/) {
  const page = await browser.newPage(options);
  const faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && !expected.test(message.text()) && faults.push(message.text()));
  page.on('dialog', (dialog) => { faults.push('dialog: ' + dialog.message()); dialog.dismiss(); });
  await page.goto(CLASSIFIER + address);
  page.check = async () => { assert.deepEqual(faults, []); await page.close(); };
  return page;
}

async function accessible(page) {
  await page.evaluate(axe + '; void 0'); // by the debugger, which the page's policy does not bind
  const { violations } = await page.evaluate(() => axe.run());
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
}

const screenshot = (page, name) => SCREENSHOTS && page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });

async function post(feed, tweets) {
  const answer = await fetch(`${INGEST}/tweets?feed=${feed}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(tweets),
  });
  await answer.text();
  assert.equal(answer.status, 200);
}

test('the overview counts what the topic counts', async () => {
  const page = await open('/#/');
  for (const [feed, count] of Object.entries(counts)) {
    const row = page.locator('table.feeds tbody tr', { has: page.getByRole('link', { name: feed, exact: true }) });
    await row.getByRole('img', { name: /^negative \d+\s%, neutral \d+\s%, positive \d+\s%$/ }).waitFor(PATIENCE);
    const shown = await row.locator('[data-cell=volume] span').first().textContent();
    assert.ok(Number(shown.replace(',', '')) <= count && Number(shown) > 0, `${feed}: ${shown} of ${count}`);
  }
  await accessible(page);
  await screenshot(page, 'overview-light');
  await page.check();
});

test('a feed shows all its tweets, and where another model scores', async () => {
  const page = await open('/#/feed/airline?size=PT1H');
  await page.locator('.described', { hasText: 'tweets' }).waitFor(PATIENCE);
  const csv = await page.evaluate(async () => (await fetch(document.querySelector('a[download]').href)).text());
  const [header, ...lines] = csv.trim().split('\r\n').map((line) => line.split(','));
  const sum = lines.reduce((total, line) => total + Number(line[header.indexOf('count')]), 0);
  assert.equal(sum, counts.airline);
  await page.goto(CLASSIFIER + '/#/feed/airline?size=PT10S');
  await page.locator('.marks li', { hasText: VERSION }).waitFor(PATIENCE);
  await page.locator('.tweets li').first().waitFor(PATIENCE);
  await page.locator('.words th').first().waitFor(PATIENCE);
  assert.ok(await page.locator('.tweets mark').count() > 0, 'deciding words are marked');
  await accessible(page);
  await screenshot(page, 'feed-light');
  await page.check();
});

test('new tweets appear without a reload of the page', async () => {
  const page = await open('/#/feed/live?size=PT1H', {}, /status of 404/); // the feed has no windows yet
  await page.locator('.message', { hasText: 'no windows' }).waitFor(PATIENCE);
  await post('live', [{ id: 'l1', text: 'what a wonderful day' }]);
  await page.locator('.described', { hasText: '1 tweet,' }).waitFor(PATIENCE);
  assert.equal(await page.locator('.message').first().textContent(), '');
  await post('live', [{ id: 'l2', text: 'what an awful day' }, { id: 'l3', text: 'a day' }]);
  await page.locator('.described', { hasText: '3 tweets' }).waitFor(PATIENCE);
  await page.locator('.tweets .text', { hasText: 'what an awful day' }).waitFor(PATIENCE);
  await page.check();
});

test('a class and a search select tweets', async () => {
  const page = await open('/#/feed/airline');
  await page.locator('.tweets li').first().waitFor(PATIENCE);
  await page.getByLabel('Class').selectOption('negative');
  await page.waitForFunction(() => {
    const shown = [...document.querySelectorAll('.tweets li')];
    return shown.length > 0 && shown.every((tweet) => tweet.classList.contains('negative'));
  }, null, PATIENCE);
  await page.getByLabel('Search').fill('no such words anywhere');
  await page.getByText('There are no such tweets').waitFor(PATIENCE);
  await page.check();
});

test('the keyboard alone reaches a point in time and its tweets', async () => {
  const page = await open('/#/feed/airline?size=PT10S');
  await page.locator('.described', { hasText: '1 tweet' }).waitFor(PATIENCE);
  for (let i = 0; i < 30 && (await page.evaluate(() => document.activeElement.id)) !== 'at'; i++)
    await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'at');
  await page.keyboard.press('Home');
  await page.getByRole('heading', { name: /^Tweets of / }).waitFor(PATIENCE);
  assert.match(page.url(), /at=20/, 'the address names the point');
  await page.reload();
  await page.getByRole('heading', { name: /^Tweets of / }).waitFor(PATIENCE);
  await page.check();
});

test('hostile text stays text', async () => {
  const page = await open('/#/feed/hostile');
  await page.locator('.tweets .text', { hasText: "<script>alert('tweet')</script>" }).waitFor(PATIENCE);
  await page.locator('.tweets .text', { hasText: '<img src=x onerror=alert(1)>' }).waitFor(PATIENCE);
  assert.equal(await page.locator('main script, main img, main a[href^=javascript]').count(), 0);
  const tallest = await page.locator('.tweets li').evaluateAll((all) => Math.max(...all.map((tweet) => tweet.offsetHeight)));
  assert.ok(tallest < 400, `a tweet is ${tallest} px high`);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  await page.check();
});

test('a rule that is written on the page fires and clears', async () => {
  const page = await open('/#/alerts', {}, /status of 400/); // the wrong threshold
  await page.getByLabel('Name', { exact: true }).fill('angry');
  await page.getByLabel('Feed', { exact: true }).fill('angry');
  await page.getByLabel('Window', { exact: true }).selectOption('PT10S');
  await page.getByLabel('Threshold').fill('7');
  await page.getByLabel('Minimum tweets').fill('3');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('.message', { hasText: 'threshold is 7.0' }).waitFor(PATIENCE);
  await page.getByLabel('Threshold').fill('0.5');
  await page.getByRole('button', { name: 'Save' }).press('Enter');
  const rules = page.getByRole('table', { name: 'Rules' });
  await rules.getByRole('rowheader', { name: 'angry' }).waitFor(PATIENCE);
  await page.getByRole('button', { name: 'Edit angry' }).click();
  assert.equal(await page.getByLabel('Cool-down').inputValue(), '10m');
  await page.getByLabel('Cool-down').fill('9 min'); // as the table shows durations
  await page.getByRole('button', { name: 'Save' }).click();
  await rules.getByRole('cell', { name: '9 min', exact: true }).waitFor(PATIENCE);

  const start = Date.now() - (Date.now() % 10_000) - 20_000; // a tweet of the future is counted now
  const at = (seconds) => new Date(start + 1000 * seconds).toISOString();
  await post('angry', [1, 2, 3].map((number) => ({ id: `a${number}`, text: 'what an awful, horrible day', created_at: at(0) })));
  const active = page.getByRole('table', { name: 'Active alerts' });
  await active.getByRole('cell', { name: /of 3 tweets are negative/ }).waitFor(PATIENCE);
  await page.getByRole('link', { name: 'Alerts (1 active)' }).waitFor(PATIENCE);
  await accessible(page);
  await screenshot(page, 'alerts-light');
  await active.getByRole('link', { name: 'angry' }).click();
  await page.getByRole('heading', { name: /^Tweets of / }).waitFor(PATIENCE);
  await page.goBack();
  await post('angry', [4, 5, 6].map((number) => ({ id: `a${number}`, text: 'what a wonderful day', created_at: at(10) })));
  await page.getByText('No alert is active.').waitFor(PATIENCE);
  await page.getByRole('table', { name: /Recent alerts/ }).getByText('cleared').waitFor(PATIENCE);

  await rules.getByRole('button', { name: 'Remove angry' }).click();
  await rules.getByRole('button', { name: 'Really remove angry?' }).click();
  await page.getByText('There are no rules.').waitFor(PATIENCE);
  await page.check();
});

test('a sentence is scored while it is typed', async () => {
  const page = await open('/#/try', { colorScheme: 'dark' });
  await page.getByLabel('Text').fill('what a wonderful, wonderful day');
  await page.locator('.verdict', { hasText: 'positive' }).waitFor(PATIENCE);
  await page.getByLabel('Text').fill('<b>what an awful, horrible day</b>');
  await page.locator('.verdict', { hasText: 'negative' }).waitFor(PATIENCE);
  await page.getByRole('row', { name: /^awful/ }).waitFor(PATIENCE);
  assert.equal(await page.locator('main b').count(), 0);
  await accessible(page);
  await screenshot(page, 'try-dark');
  await page.check();
});

test('keys label tweets, undo takes the last one back, and the labels reach the trainer', async () => {
  const page = await open('/#/label');
  const candidate = page.locator('.candidate');
  await page.waitForFunction(() => document.querySelector('.candidate').textContent !== '', null, PATIENCE);
  const first = await candidate.textContent();
  await page.keyboard.press('3');
  await page.waitForFunction((before) => document.querySelector('.candidate').textContent !== before, first, PATIENCE);
  await page.keyboard.press('u');
  assert.equal(await candidate.textContent(), first);
  for (const key of ['1', '2', '3', 's']) await page.keyboard.press(key);
  await page.getByText('3 labelled here').waitFor(PATIENCE);
  await accessible(page);
  await page.getByRole('link', { name: 'Overview' }).click(); // sends the last one
  await page.goto(CLASSIFIER + '/#/label');
  await page.getByText(/^3 new labels/).waitFor(PATIENCE);
  await page.check();
});

test('the models page shows which model is active', async () => {
  const page = await open('/#/models');
  const row = page.getByRole('row', { name: new RegExp(VERSION) });
  await row.getByText('active', { exact: true }).waitFor(PATIENCE);
  assert.equal(await page.getByText('active', { exact: true }).count(), 1);
  await accessible(page);
  await page.check();
});

test('a model\'s report shows its results and curves', async () => {
  const page = await open('/#/models');
  await page.getByRole('link', { name: BEFORE, exact: true }).first().click();
  await page.getByRole('heading', { name: BEFORE }).waitFor(PATIENCE);
  await page.getByRole('row', { name: /^Accuracy \d+/ }).waitFor(PATIENCE);
  await page.getByRole('region', { name: /^Confusion matrix/ }).getByRole('row', { name: /^neutral/ }).waitFor(PATIENCE);
  await page.locator('.plot canvas').first().waitFor(PATIENCE);
  await accessible(page);
  await screenshot(page, 'report-light');
  await page.check();
});

test('tweets of which the shadow says otherwise are labelled side by side', async () => {
  const page = await open('/#/label');
  await page.getByLabel('Tweets').selectOption('disagreements');
  const shadow = page.getByRole('region', { name: 'Shadow model' });
  await shadow.getByText(BEFORE).waitFor(PATIENCE);
  await shadow.getByText(/^Words that decided: [^…]/).waitFor(PATIENCE);
  const classes = await page.locator('.sides .class').allTextContents();
  assert.equal(classes.length, 2);
  assert.notEqual(classes[0], classes[1]);
  await accessible(page);
  await screenshot(page, 'label-shadow-light');
  await page.locator('#which').blur(); // the choice takes keys while it has the focus
  await page.keyboard.press({ negative: '1', neutral: '2', positive: '3' }[classes[1]]);
  await page.getByText(/Of 1 where the two differ, the active model agrees with 0\s% and the shadow with 100\s%/).waitFor(PATIENCE);
  await page.keyboard.press('u');
  await page.check();
});

test('a viewer sees the models and no way to change them', async () => {
  const page = await open('/#/');
  await page.route('**/user', (route) => route.fulfill({ json: { name: 'ada', roles: ['viewer'] } }));
  await page.goto(CLASSIFIER + '/#/models');
  await page.getByText('ada is viewer: only an operator may change which model scores.').waitFor(PATIENCE);
  await page.getByRole('row', { name: new RegExp(VERSION) }).first().waitFor(PATIENCE);
  assert.equal(await page.getByRole('button', { name: /activate|roll back|promote/i }).count(), 0);
  await accessible(page);
  await page.check();
});

test('an operator rolls back by keyboard, and the classifier, the audit and the chart tell it', async () => {
  const minutesAgo = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
  await post('changed', [{ id: 'c1', text: 'what a day', created_at: minutesAgo(9) }]);
  const page = await open('/#/feed/changed?size=PT10S', {}, /status of (404|409)/);
  await page.locator('.described', { hasText: '1 tweet' }).waitFor(PATIENCE);
  await page.goto(CLASSIFIER + '/#/models');
  const rollback = page.getByRole('button', { name: `Roll back to ${BEFORE}` });
  await rollback.waitFor(PATIENCE);
  await rollback.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Roll back?' });
  await dialog.getByText(`${VERSION} scores now. From the confirmation on, ${BEFORE} scores on all classifiers.`).waitFor(PATIENCE);
  await accessible(page);
  await screenshot(page, 'models-dialog-light');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden', ...PATIENCE });
  await page.keyboard.press('Enter'); // the focus is where it was
  await page.keyboard.type('<b>worse</b>');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText(`${BEFORE} scores on the classifier since`).waitFor(PATIENCE);
  const status = await (await fetch(CLASSIFIER + '/status')).json();
  assert.equal(status.activeModel, BEFORE);
  const changes = page.getByRole('region', { name: /^Who changed/ });
  await changes.getByRole('row', { name: /rolled back/ }).getByText('<b>worse</b>').waitFor(PATIENCE);
  assert.equal(await page.locator('main b').count(), 0);
  await accessible(page);
  await screenshot(page, 'models-light');
  await post('changed', [{ id: 'c2', text: 'what a day', created_at: minutesAgo(3) }]);
  await page.goto(CLASSIFIER + '/#/feed/changed?size=PT10S');
  await page.locator('.marks li', { hasText: BEFORE }).waitFor(PATIENCE);

  // Somebody else has changed it since this page was shown: refused, and the dialog says so.
  await page.goto(CLASSIFIER + '/#/models');
  await page.route('**/trainer/models/activate', (route) => {
    const body = { ...route.request().postDataJSON(), expected: VERSION };
    return route.continue({ postData: JSON.stringify(body) });
  }, { times: 1 });
  await page.getByRole('button', { name: `Activate ${VERSION}` }).click();
  const second = page.getByRole('dialog', { name: 'Activate a model?' });
  const confirm = second.getByRole('button', { name: `Activate ${VERSION}` });
  await confirm.click();
  await second.getByText(`model ${BEFORE} is active now, not ${VERSION}: nothing was changed`).waitFor(PATIENCE);
  await confirm.click();
  await page.getByText(`${VERSION} scores on the classifier since`).waitFor(PATIENCE);
  await changes.getByRole('row', { name: /activated/ }).first().waitFor(PATIENCE);
  await page.check();
});

for (const address of ['/#/', '/#/feed/airline', '/#/try', '/#/alerts', '/#/label', '/#/models', `/#/models/${BEFORE}`])
  test(`a phone shows ${address} without sideways scrolling, in dark`, async () => {
    const page = await open(address, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
    await page.locator('.bar, .tweets li, .verdict, .candidate, tbody tr').first().waitFor(PATIENCE);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
    await accessible(page);
    await screenshot(page, 'phone-dark' + address.replace(/\W+/g, '-'));
    await page.check();
  });

test('nothing but this service is asked for anything', async () => {
  const page = await browser.newPage();
  const others = [];
  page.on('request', (request) => new URL(request.url()).origin !== CLASSIFIER && others.push(request.url()));
  const answer = await page.goto(CLASSIFIER + '/');
  assert.match(answer.headers()['content-security-policy'], /default-src 'none'; script-src 'self';/);
  await page.waitForLoadState('load');
  const weight = await page.evaluate(() =>
    performance.getEntriesByType('resource').reduce((sum, entry) => sum + entry.decodedBodySize, 0));
  console.log(`page weight: ${Math.round(weight / 1024)} KiB uncompressed`);
  assert.deepEqual(others, []);
  await page.close();
});

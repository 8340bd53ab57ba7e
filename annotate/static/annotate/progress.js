// Keeps a page up to date: asks for the changing part until nothing changes any more.
//
// [data-standing=address] holds that part. Its first child says data-finished=yes or no, and what
// [data-summary] in it reads is announced. Until it says so it is only held free for that part, which
// is then asked for at once. data-every=ms looks as seldom as that. [data-when=name] elsewhere shows while it has data-name.

import { $, $$, announce } from './core.js';

const FIRST = 700;
const LONGEST = 2000;
const QUIET = 30000;

const region = $('[data-standing]');
const every = Number(region?.dataset.every);
let tag = '';
let said = Date.now();

const standing = () => region.firstElementChild?.dataset ?? {};
const isFinished = () => standing().finished === 'yes';

function show(html) {
  // Focus stays where it was: an element with an id is found again after the exchange.
  const focused = region.contains(document.activeElement) ? document.activeElement.id : '';
  region.innerHTML = html;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  $$('[data-when]').forEach((part) => {
    const isWanted = Boolean(standing()[part.dataset.when]);
    // A button that has the focus stays until the focus leaves it.
    if (isWanted || !part.contains(document.activeElement)) part.hidden = !isWanted;
  });
  const summary = $('[data-summary]', region)?.textContent.trim();
  if (summary && (isFinished() || Date.now() - said > QUIET)) {
    said = Date.now();
    announce(summary);
  }
}

// What the person has selected, perhaps to copy it, is not pulled away.
function isSelected() {
  const selection = getSelection();
  return !selection.isCollapsed && region.contains(selection.anchorNode);
}

// Tells whether there is more to come.
async function look() {
  const response = await fetch(region.dataset.standing, {
    headers: tag ? { 'If-None-Match': tag } : {},
    credentials: 'same-origin',
  });
  if (response.status === 200 && !response.redirected) {
    tag = response.headers.get('ETag') ?? '';
    show(await response.text());
  } else if (response.status < 500 && response.status !== 304) {
    return false; // signed out, or it is gone: the page stays as it is
  }
  return !isFinished();
}

async function follow() {
  let wait = standing().finished ? FIRST : 0;
  let isOver = isFinished();
  while (!isOver) {
    await new Promise((resolve) => { setTimeout(resolve, wait); });
    wait = every || Math.min(Math.max(wait, FIRST) * 1.3, LONGEST);
    if (document.visibilityState === 'hidden' || isSelected()) continue;
    // Offline: the next look may get through.
    isOver = !(await look().catch(() => true));
  }
}

if (region) follow();

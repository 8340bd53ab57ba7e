// Keeps a page up to date: asks for the changing part until nothing changes any more.

import { announce } from './core.js';

const FIRST = 700;
const LONGEST = 3000;
const QUIET = 15000;

const region = document.querySelector('[data-standing]');
let tag = '';
let wait = FIRST;
let said = Date.now();

const isFinished = () => region.firstElementChild?.dataset.finished === 'yes';

// Focus stays where it was: an element with an id is found again after the exchange.
function show(html) {
  const focused = region.contains(document.activeElement) ? document.activeElement.id : '';
  region.innerHTML = html;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  const summary = region.querySelector('[data-summary]')?.textContent.trim();
  if (summary && (isFinished() || Date.now() - said > QUIET)) {
    said = Date.now();
    announce(summary);
  }
}

async function look() {
  try {
    const response = await fetch(region.dataset.standing, {
      headers: tag ? { 'If-None-Match': tag } : {},
      credentials: 'same-origin',
    });
    if (response.status === 200) {
      tag = response.headers.get('ETag') ?? '';
      show(await response.text());
      wait = FIRST;
    } else if (response.status !== 304) {
      return; // signed out, or the import is gone: the page stays as it is
    }
  } catch {
    // offline: the next look may get through
  }
  if (isFinished()) return;
  wait = Math.min(wait * 1.3, LONGEST);
  setTimeout(look, wait);
}

if (region && !isFinished()) setTimeout(look, wait);

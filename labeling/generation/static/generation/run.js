// Keeps the page of a run up to date without moving focus or scroll.

import { $, $$, announce } from '../annotate/core.js';

const EVERY = 2000;
const ANNOUNCE_EVERY = 60000;
const live = $('#live');
let announcedAt = Date.now();

function show(html) {
  live.innerHTML = html;
  const { dataset } = $('.live', live);
  $$('[data-when]').forEach((form) => {
    const isWanted = Boolean(dataset[form.dataset.when]);
    // A button that has the focus stays until the focus leaves it.
    if (isWanted || !form.contains(document.activeElement)) form.hidden = !isWanted;
  });
  const isOver = Boolean(dataset.over);
  if (isOver || Date.now() - announcedAt >= ANNOUNCE_EVERY) {
    announce(dataset.summary);
    announcedAt = Date.now();
  }
  return isOver;
}

async function update() {
  if (document.visibilityState === 'hidden') return false;
  // What the person has selected, perhaps to copy it, is not pulled away.
  const selection = getSelection();
  if (!selection.isCollapsed && live.contains(selection.anchorNode)) return false;
  const answer = await fetch(live.dataset.url, { headers: { Accept: 'text/html' } });
  if (!answer.ok || answer.redirected) return false;
  return show(await answer.text());
}

async function follow() {
  let isOver = Boolean($('.live', live).dataset.over);
  while (!isOver) {
    await new Promise((resolve) => { setTimeout(resolve, EVERY); });
    // A lost connection is tried again; the page shows what it knew last.
    isOver = await update().catch(() => false);
  }
}

follow();

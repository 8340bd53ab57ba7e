// The judging guide beside the task: a new version opens once, and what was opened counts as read.

import { $, toggle } from '../annotate/core.js';
import { cookie } from './outbox.js';

let read = 0; // the latest version known to be read
const box = () => $('#guide');
const version = () => Number(box()?.dataset.version ?? 0);

// The server's newest page brings the guide in force.
export function replace(fresh) {
  if (!fresh || !box() || Number(fresh.dataset.version) <= version()) return;
  Object.assign(box().dataset, fresh.dataset);
  box().replaceChildren(...fresh.childNodes);
}

export function mark() {
  if (!version() || version() <= read) return;
  read = version();
  fetch(box().dataset.mark, { method: 'POST', headers: { 'X-CSRFToken': cookie('csrftoken') }, keepalive: true }).catch(() => {});
}

// Somebody who has read an earlier version sees what changed before they go on.
export function show() {
  if (!box()) return;
  read = Math.max(read, Number(box().dataset.read));
  if (!read || version() <= read) return;
  mark();
  if (!box().open) toggle('guide', $('[data-open=guide]'));
}

document.addEventListener('click', (event) => { if (event.target.closest('[data-open=guide]')) mark(); });

// What both ranking screens share: what keys, clicks and forms do.

import { $, $$, toggle } from '../annotate/core.js';
import { fill, gettext, ngettext } from '../annotate/words.js';
import { rested } from './breaks.js';
import { keepDraft, wipe } from './drafts.js';
import { begin, clock, load, skip, undo, unsent } from './flow.js';
import * as guide from './guide.js';
import * as ideal from './ideal.js';
import { wireKeymap } from './keymap.js';
import { bindKeys } from './keys.js';
import * as minds from './minds.js';
import * as pace from './pace.js';
import { form, main, tell } from './page.js';
import { closePanels, markPanels, measurePrompt, openPrompt, panel, resize, restoreSize, source } from './panels.js';
import { isOn, turn } from './switches.js';
import * as veil from './veil.js';

let screen;
let warned = false;

function pause() {
  clock.pause(true);
  rested();
  $('#paused').showModal();
  $('#paused').addEventListener('close', () => clock.pause(false), { once: true });
}

const open = (id) => () => toggle(id, $(`[data-open=${id}]`));
const acts = {
  undo,
  back: () => load(main().dataset.next),
  source: () => source(),
  open: openPrompt,
  bigger: () => resize(1),
  smaller: () => resize(-1),
  pace: () => pace.turn(false),
};
const keys = {
  KeyM: () => source(), KeyP: pause, Equal: () => resize(1), Minus: () => resize(-1),
  KeyK: () => panel('skip'), KeyR: () => panel('report'), KeyN: () => panel('note'),
  Period: veil.turn, Comma: veil.pass,
  KeyY: () => panel('ideal'), KeyJ: () => { guide.mark(); open('guide')(); }, '?': open('keys'),
};

function onClick(event) {
  const found = event.target.closest('[data-act]');
  const act = found && acts[found.dataset.act];
  if (act) {
    event.preventDefault();
    act(found);
  }
  if (event.target.closest('a[data-open], a[data-close]')) event.preventDefault();
  const link = event.target.closest('.read a');
  if (link && !(event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    tell(fill(gettext('Hold Ctrl or ⌘ to open %(address)s in a new tab'), { address: link.href }));
  }
  $$('.panel-up[open]').forEach((box) => { if (!box.contains(event.target)) box.open = false; });
}

function onSubmit(event) {
  if (event.target.id === 'answer') screen.commit();
  else if (event.target.id === 'skip-form') skip(event.target, event.submitter);
  else return;
  event.preventDefault();
}

// Signing out leaves nothing behind; answers that are not sent yet are named first.
function onSignOut(event) {
  if (!event.target.closest('details.menu')) return;
  const left = unsent();
  if (left && !warned) {
    event.preventDefault();
    warned = true;
    tell(fill(ngettext(
      '%(count)s answer not sent yet. Sign out again to drop it.',
      '%(count)s answers not sent yet. Sign out again to drop it.',
      left,
    ), { count: left }));
  } else wipe();
}

function wireSwitch(name) {
  const box = $(`#${name}-on`);
  box.checked = isOn(name);
  box.addEventListener('change', () => turn(name, box.checked));
}

export function start(own) {
  screen = own;
  Object.assign(acts, own.acts);
  bindKeys({ ...keys, KeyO: openPrompt, ...own.keys });
  document.addEventListener('click', onClick);
  document.addEventListener('submit', onSubmit);
  document.addEventListener('submit', onSignOut);
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') closePanels(); });
  for (const kind of ['input', 'change']) {
    document.addEventListener(kind, (event) => {
      // The screen of cards tells of its ranks on the form itself.
      if (!form() || (event.target.form ?? event.target) !== form()) return;
      minds.look(form());
      markPanels();
      if (!form().elements.revises.value) keepDraft(main().dataset.person, main().dataset.assignment, form());
    });
  }
  document.addEventListener('toggle', (event) => {
    if (event.target.id === 'ideal' && event.target.open) ideal.offer(screen.better());
  }, true);
  addEventListener('resize', () => { measurePrompt(); if (form()) screen.resized?.(); });
  ['keys', 'caps'].forEach(wireSwitch);
  wireKeymap();
  pace.wire();
  restoreSize();
  begin(own);
}

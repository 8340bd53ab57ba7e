// What both ranking screens share: showing a task, sending its answer, going on to the next one.

import { $, $$, announce, store, toggle } from '../annotate/core.js';
import { Clock } from './clock.js';
import { dropDraft, keepDraft, restoreDraft, wipe } from './drafts.js';
import { bindKeys, keysAreOn, switchKeys } from './keys.js';
import { newKey, Outbox } from './outbox.js';

const GUARD = 220; // a bounce of the last key is not an answer
const SIZES = { least: 14, usual: 17, most: 24 };
const STATES = {
  saved: () => 'Saved',
  saving: () => 'Saving',
  retry: () => 'Saving, trying again',
  offline: (count) => `Offline, ${count} kept here`,
  signin: (count) => `Sign in, ${count} kept here`,
};
const SAID = {
  offline: 'Offline. Your answer is kept on this device and sends itself.',
  signin: 'You are signed out. Your answer is kept here and sends itself once you have signed in.',
  retry: 'The server does not answer. Your answer is kept on this device and sends itself.',
};

export const clock = new Clock();
export const main = () => $('#main');
export const form = () => $('#answer');
export const isPhone = () => matchMedia('(max-width: 760px)').matches;
let screen;
let warned = false;

const isBusy = () => main().getAttribute('aria-busy') === 'true';
export const isGuarded = () => !('ready' in main().dataset) || isBusy();

let fading;
export function tell(text, { undo = false, quiet = false } = {}) {
  const said = $('#said');
  clearTimeout(fading);
  if (!said) return;
  said.removeAttribute('role');
  said.replaceChildren(text);
  if (undo) {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'more', textContent: 'Undo' });
    button.dataset.act = 'undo';
    said.append(' ', button);
  }
  if (isPhone()) fading = setTimeout(() => said.replaceChildren(), 4000);
  if (!quiet) announce(text);
}

const outbox = new Outbox(main().dataset.person, {
  state(name, count) {
    const save = $('#save');
    save.dataset.state = name === 'retry' ? 'offline' : name;
    $('span', save).textContent = STATES[name](count);
    if (SAID[name] && !$('#said')?.textContent.startsWith(SAID[name])) {
      tell(SAID[name]);
      if (name === 'signin') $('#said')?.append(' ', signInLink());
    }
  },
  done(record, result) {
    setBusy(false);
    if (result.saved) {
      dropDraft(main().dataset.person, record.assignment);
      swap(result.html, record.words, true);
    } else refused(record, result.error);
  },
});

function signInLink() {
  return Object.assign(document.createElement('a'), { href: main().dataset.signIn, target: '_blank', textContent: 'Sign in' });
}

function refused(record, error) {
  if (record.assignment !== main().dataset.assignment) return;
  if (error.code === 'already_judged' || error.code === 'lease_replaced') load(main().dataset.next, error.message);
  else tell(error.message);
}

function setBusy(value) {
  if (value) main().setAttribute('aria-busy', 'true');
  else main().removeAttribute('aria-busy');
}

// ---- from one task to the next --------------------------------------------------------

function swap(html, text = '', undo = false) {
  const page = new DOMParser().parseFromString(html, 'text/html');
  if (!$('#main[data-screen]', page)) {
    location.reload();
    return;
  }
  if ($('#main', page).dataset.screen !== main().dataset.screen) {
    location.assign(main().dataset.next);
    return;
  }
  const guide = $('#guide', page);
  if (guide && guide.dataset.version !== $('#guide')?.dataset.version) $('#guide')?.replaceChildren(...guide.childNodes);
  $('#progress').replaceWith($('#progress', page));
  main().replaceWith(document.adoptNode($('#main', page)));
  settle();
  $('h1', main())?.focus({ preventScroll: true });
  const own = $('#said')?.textContent.trim();
  if (text && !own) tell(text, { undo, quiet: true });
  announce([own || text, $('#progress').textContent.trim()].filter(Boolean).join(' '));
}

async function load(url, text = '') {
  setBusy(true);
  try {
    const response = await fetch(url, { headers: { 'X-Fragment': '1' } });
    if (response.ok) swap(await response.text(), text);
    else tell('That page did not load. Try again in a moment.');
  } catch {
    tell('You are offline. This is here again when you are back.');
  }
  setBusy(false);
}

function settle() {
  const shown = main();
  setTimeout(() => { shown.dataset.ready = ''; }, GUARD);
  document.body.classList.toggle('resting', !form());
  if (!form()) return;
  const restored = !form().elements.revises.value && restoreDraft(main().dataset.person, main().dataset.assignment, form());
  clock.restart($$('.shown, .ask-t', main()).map((text) => text.textContent).join(' ').split(/\s+/).length);
  press('source', false);
  measurePrompt();
  markPanels();
  screen.show(restored);
}

// ---- sending ----------------------------------------------------------------------------

function post(url, fields, said) {
  const { assignment } = main().dataset;
  fields.delete('csrfmiddlewaretoken');
  setBusy(true);
  outbox.add({ key: newKey(), assignment, url, fields: fields.toString(), words: said });
}

export function submit(said) {
  if (isGuarded()) return;
  const fields = new URLSearchParams(new FormData(form()));
  const { active_ms: active, ...times } = clock.read();
  fields.set('active_ms', active);
  fields.set('client', JSON.stringify({ ...times, ...screen.measured(), viewport: [innerWidth, innerHeight] }));
  post(form().action, fields, said);
}

function skip(skipForm, button) {
  if (isGuarded()) return;
  const fields = new URLSearchParams(new FormData(skipForm));
  fields.set('reason', button.value);
  post(skipForm.action, fields, `Skipped: ${button.textContent.trim()}.`);
}

// ---- panels, aids, wiring ----------------------------------------------------------------

export function panel(id, open = !$(`#${id}`)?.open) {
  const box = $(`#${id}`);
  if (!box) return;
  box.open = open;
  if (open) ($('textarea', box) ?? $('h2', box)).focus();
  else $('summary', box).focus();
}

function closePanels() {
  $$('.panel-up[open]').forEach((box) => {
    const held = box.contains(document.activeElement);
    box.open = false;
    if (held) $('summary', box).focus();
  });
}

function markPanels() {
  $('#report')?.toggleAttribute('data-set', Boolean($('#report :checked')));
  $('#note')?.toggleAttribute('data-set', Boolean($('#note-t')?.value.trim()));
}

export function press(act, value) {
  $$(`[data-act=${act}]`).forEach((button) => button.setAttribute('aria-pressed', String(value)));
}

function source(value = $('[data-act=source]')?.getAttribute('aria-pressed') !== 'true') {
  press('source', value);
  $$('.read.src').forEach((text) => { text.hidden = !value; });
  $$('.read.shown').forEach((text) => { text.hidden = value; });
}

function resize(step) {
  const size = Math.min(SIZES.most, Math.max(SIZES.least, store.get('read', SIZES.usual) + step));
  store.set('read', size);
  document.documentElement.style.setProperty('--read', `${size / 16}rem`);
  if (step) tell(`Text size ${size}`);
  if (form()) screen.resized?.();
}

function measurePrompt() {
  const [text, button] = [$('.ask-t'), $('[data-act=open]')];
  const isOpen = $('.ask')?.classList.contains('open');
  if (text && button) button.hidden = !isOpen && text.scrollHeight <= text.clientHeight + 4;
}

function openPrompt() {
  const isOpen = $('.ask').classList.toggle('open');
  if ($('#hist')) $('#hist').open = isOpen;
  const button = $('[data-act=open]');
  button.textContent = isOpen ? 'Show less' : 'Show all';
  button.setAttribute('aria-expanded', String(isOpen));
  measurePrompt();
}

function pause() {
  clock.pause(true);
  $('#paused').showModal();
  $('#paused').addEventListener('close', () => clock.pause(false), { once: true });
}

export function previous() {
  if (!isBusy()) load(main().dataset.previous, 'Your earlier answer. Change it, or leave it as it is.');
}

const open = (id) => () => toggle(id, $(`[data-open=${id}]`));
const acts = {
  undo: previous,
  back: () => load(main().dataset.next),
  source: () => source(),
  open: openPrompt,
  bigger: () => resize(1),
  smaller: () => resize(-1),
};
const keys = {
  KeyM: () => source(), KeyP: pause, Equal: () => resize(1), Minus: () => resize(-1),
  KeyK: () => panel('skip'), KeyR: () => panel('report'), KeyN: () => panel('note'),
  KeyJ: open('guide'), '?': open('keys'),
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
    tell(`Hold Ctrl or ⌘ to open ${link.href} in a new tab`);
  }
  $$('.panel-up[open]').forEach((box) => { if (!box.contains(event.target)) box.open = false; });
}

function onSubmit(event) {
  if (event.target.id === 'answer') screen.commit();
  else if (event.target.closest('#skip')) skip(event.target, event.submitter);
  else return;
  event.preventDefault();
}

// Signing out leaves nothing behind; answers that are not sent yet are named first.
function onSignOut(event) {
  if (!event.target.closest('details.menu')) return;
  const unsent = outbox.records.length;
  if (unsent && !warned) {
    event.preventDefault();
    warned = true;
    tell(`${unsent} answer not sent yet. Sign out again to drop it.`);
  } else wipe();
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
      if (!form() || event.target.form !== form()) return;
      markPanels();
      if (!form().elements.revises.value) keepDraft(main().dataset.person, main().dataset.assignment, form());
    });
  }
  addEventListener('resize', () => { measurePrompt(); if (form()) screen.resized?.(); });
  const switcher = $('#keys-on');
  switcher.checked = keysAreOn();
  switcher.addEventListener('change', () => switchKeys(switcher.checked));
  if (store.get('read', SIZES.usual) !== SIZES.usual) resize(0);
  settle();
  if (outbox.records.some((record) => record.assignment === main().dataset.assignment)) setBusy(true);
  outbox.flush();
}

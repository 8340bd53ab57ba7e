// From one task to the next: answers go out, and the next comparisons are fetched ahead of time.
// What is fetched ahead stays in this page's memory: no text of it is stored on the device.

import { $, $$, announce } from '../annotate/core.js';
import { fill, gettext, ngettext } from '../annotate/words.js';
import { worked } from './breaks.js';
import { Clock } from './clock.js';
import { dropDraft, hasDraft, restoreDraft } from './drafts.js';
import * as guide from './guide.js';
import * as ideal from './ideal.js';
import { label } from './keymap.js';
import { Leases } from './leases.js';
import * as minds from './minds.js';
import { cookie, newKey, Outbox } from './outbox.js';
import * as pace from './pace.js';
import { form, isBusy, isGuarded, main, setBusy, tell } from './page.js';
import { markPanels, measurePrompt, press } from './panels.js';
import * as veil from './veil.js';

const GUARD = 220; // a bounce of the last key is not an answer
const AHEAD = 2;
const STATES = {
  saved: () => gettext('Saved'),
  refused: () => gettext('Not accepted'),
  saving: () => gettext('Saving'),
  retry: () => gettext('Saving, trying again'),
  offline: (count) => fill(ngettext('Offline, %(count)s kept here', 'Offline, %(count)s kept here', count), { count }),
  signin: (count) => fill(ngettext('Sign in, %(count)s kept here', 'Sign in, %(count)s kept here', count), { count }),
};
const SAID = {
  offline: gettext('Offline. Your answer is kept on this device and sends itself.'),
  signin: gettext('You are signed out. Your answer is kept here and sends itself once you have signed in.'),
  over: gettext('You are signed out. Sign in, then try again: nothing is lost.'),
  retry: gettext('The server does not answer. Your answer is kept on this device and sends itself.'),
};
const LOST = gettext('You were away for a while, so somebody else may get this comparison too. Go on: your answer is still taken.');

export const clock = new Clock({ still: () => { if (form()) tell(gettext('Still reading?'), { quiet: true, stay: true }); } });
let screen;
let waiting = ''; // what was said to the task shown, while the next one is not there yet
let dry = false; // nothing more is to be had for now
let fetching = false;
let ahead = [];

const person = () => main().dataset.person;
const idOf = (page) => $('#main', page).dataset.assignment;
const tokenOf = (page) => $('#answer [name=token]', page)?.value;
const isChange = (page = document) => Boolean($('#answer [name=revises]', page)?.value);

const outbox = new Outbox(person(), {
  ready: readyIds,
  state(name, count) {
    const save = $('#save');
    save.dataset.state = name === 'retry' ? 'offline' : name;
    $('span', save).textContent = STATES[name](count);
    if (SAID[name] && !$('#said')?.textContent.startsWith(SAID[name])) tellState(name);
  },
  done(record, result) {
    if (!result.saved) {
      refused(record, result.error);
      return;
    }
    dropDraft(person(), record.assignment);
    dry = false;
    receive(result.html, record.words);
  },
});

const leases = new Leases({
  urls: () => main().dataset,
  begun: () => form() && hasDraft(person(), main().dataset.assignment) && main().dataset.assignment,
  lost(ids) {
    ahead = ahead.filter((page) => !ids.includes(idOf(page)));
    if (ids.includes(main().dataset.assignment)) tell(LOST);
    fetchAhead();
  },
});

export const unsent = () => outbox.records.length;

function tellState(name) {
  tell(SAID[name]);
  if (name === 'signin' || name === 'over') $('#said')?.append(' ', signInLink());
}

function signInLink() {
  return Object.assign(document.createElement('a'), { href: main().dataset.signIn, target: '_blank', textContent: gettext('Sign in') });
}

// What the server need not show next: it is shown, kept ready, or answered and on its way.
function readyIds(sending) {
  const shown = waiting ? [] : [main().dataset.assignment];
  const sent = outbox.records.filter((record) => record.key !== sending?.key).map((record) => record.assignment);
  return [...new Set([...shown, ...ahead.map(idOf), ...sent])].filter(Boolean);
}

// A refusal says why. What can be mended comes back, with the draft that was typed.
async function refused(record, error) {
  const isShown = record.assignment === main().dataset.assignment;
  const isOver = error.code === 'already_judged' || error.code === 'lease_replaced';
  if (isShown) {
    waiting = '';
    setBusy(false);
  }
  if (isOver) dropDraft(person(), record.assignment);
  const isTold = isShown === isOver
    ? await load(isShown ? main().dataset.next : record.url.replace(/skip\/$/, ''), error.message)
    : tell(error.message);
  if (isTold !== false) outbox.settle(record.key);
}

// ---- from one task to the next --------------------------------------------------------

// Where the session is over, a page is answered with the one to sign in; this one stays.
const isSignedOut = (response) => response.redirected || response.status === 401;
const pageIn = async (response) => (response.ok && !isSignedOut(response) ? parse(await response.text()) : null);

function parse(html) {
  const page = new DOMParser().parseFromString(html, 'text/html');
  if (!$('#main[data-screen]', page)) location.reload();
  else if ($('#main', page).dataset.screen !== main().dataset.screen) location.assign(main().dataset.next);
  else return page;
  return null;
}

// The newest answer of the server knows best how far the person is, and what can be undone.
let last = $('#undo [name=judgment]')?.value ?? '';
function refresh(page) {
  last = $('#undo [name=judgment]', page)?.value ?? '';
  $('#progress').replaceWith($('#progress', page).cloneNode(true));
  markUndo();
}

function markUndo() {
  if (!$('#undo')) return;
  $('#undo [name=judgment]').value = last;
  $('#undo button').disabled = !last && !outbox.records.length;
}

function receive(html, words) {
  const page = parse(html);
  if (!page) return;
  refresh(page);
  // A late reply may bring what is answered and on its way; and that nothing is left, only the
  // reply to the last one sent can say.
  const isNew = idOf(page) && !readyIds().includes(idOf(page));
  if (waiting && (isNew || !outbox.records.length)) paint(page, words, { undo: true });
  else store(page);
  fetchAhead();
}

function store(page) {
  const id = idOf(page);
  if (!id || readyIds().includes(id)) return;
  leases.keep(id, tokenOf(page));
  ahead.push(page);
}

async function fetchAhead() {
  if (fetching || dry || waiting || ahead.length >= AHEAD || !form() || isChange()) return;
  fetching = true;
  try {
    const page = await pageIn(await fetch(main().dataset.next, { headers: { 'X-Fragment': '1', 'X-Ready': readyIds().join() } }));
    dry = !page || !idOf(page);
    if (!dry) store(page);
  } catch {
    dry = true;
  }
  fetching = false;
  if (waiting && ahead.length) paint(ahead[0], waiting, { undo: true });
  else fetchAhead();
}

function paint(page, text = '', { undo = false, back = false } = {}) {
  guide.replace($('#guide', page));
  ahead = ahead.filter((other) => idOf(other) !== idOf(page));
  if (back && form() && !isChange() && !waiting) ahead.unshift(aside(main()));
  waiting = '';
  main().replaceWith(document.adoptNode($('#main', page)));
  settle();
  $('h1', main())?.focus({ preventScroll: true });
  const own = $('#said')?.textContent.trim();
  if (text && !own) tell(text, { undo, quiet: true });
  announce([own || text, $('#progress').textContent.trim()].filter(Boolean).join(' '));
}

// The task that makes room for one taken back is the next one again.
function aside(shown) {
  const page = document.implementation.createHTMLDocument('');
  const copy = shown.cloneNode(true);
  delete copy.dataset.ready;
  copy.removeAttribute('aria-busy');
  page.body.append(page.adoptNode(copy));
  return page;
}

// Settles with false when the page did not come; what was on the screen is still there.
export async function load(url, text = '', options = {}) {
  setBusy(true);
  let page = null;
  try {
    const response = await fetch(url, { ...options, headers: { 'X-Fragment': '1', ...options.headers } });
    page = await pageIn(response);
    if (page) {
      refresh(page);
      paint(page, text, { back: options.method === 'POST' });
    } else if (isSignedOut(response)) tellState('over');
    else tell(response.headers.get('Content-Type')?.includes('json') ? (await response.json()).error.message : gettext('That page did not load. Try again in a moment.'));
  } catch {
    tell(gettext('You are offline. This is here again when you are back.'));
  }
  setBusy(false);
  fetchAhead();
  return page !== null;
}

function settle() {
  const shown = main();
  setTimeout(() => { shown.dataset.ready = ''; }, GUARD);
  document.body.classList.toggle('resting', !form());
  markUndo();
  if (!form()) return;
  if (!isChange()) leases.keep(shown.dataset.assignment, tokenOf(document));
  ideal.show();
  veil.show();
  const restored = !isChange() && restoreDraft(person(), shown.dataset.assignment, form());
  clock.restart($$('.shown, .ask-t', shown).map((text) => text.textContent).join(' ').split(/\s+/).length);
  label(shown);
  guide.show();
  press('source', false);
  measurePrompt();
  markPanels();
  pace.show();
  minds.begin(form());
  screen.show(restored);
}

// ---- sending ----------------------------------------------------------------------------

function post(url, fields, words) {
  const { assignment } = main().dataset;
  fields.delete('csrfmiddlewaretoken');
  outbox.keep({ key: newKey(), assignment, url, fields: fields.toString(), words });
  leases.drop(assignment);
  if (ahead.length) paint(ahead[0], words, { undo: true });
  else {
    waiting = words;
    setBusy(true);
  }
  outbox.flush();
}

export function submit(words) {
  if (isGuarded()) return;
  if (veil.isVeiled()) {
    tell(gettext('Kept. Show the texts before you save it: press .'));
    return;
  }
  const fields = new URLSearchParams(new FormData(form()));
  ['ideal', 'ideal_of'].forEach((name) => fields.delete(name));
  ideal.fields().forEach(([name, value]) => fields.set(name, value));
  const { active_ms: active, ...times } = clock.read();
  fields.set('active_ms', active);
  fields.set('client', JSON.stringify({ ...times, changes: minds.changes(), ...screen.measured(), viewport: [innerWidth, innerHeight] }));
  pace.note(active);
  post(form().action, fields, worked(active) || words);
}

export function skip(skipForm, button) {
  if (isGuarded()) return;
  const fields = new URLSearchParams(new FormData(skipForm));
  fields.set('reason', button.value);
  post(skipForm.action, fields, fill(gettext('Skipped: %(reason)s.'), { reason: button.firstChild.textContent.trim() }));
}

// Takes the last answer back; one that is still on its way arrives first.
export async function undo() {
  if (isBusy()) return;
  setBusy(true);
  await outbox.flush();
  setBusy(false);
  if (outbox.records.length) tell(gettext('Your last answer is not sent yet. Undo it when it is.'));
  else if (!last) tell(gettext('There is no earlier answer of yours to take back.'));
  else {
    const headers = { 'Idempotency-Key': newKey(), 'X-CSRFToken': cookie('csrftoken') };
    const body = new URLSearchParams({ judgment: last });
    await load(main().dataset.undo, gettext('Taken back. Change it, or save it again.'), { method: 'POST', headers, body });
  }
}

export function begin(own) {
  screen = own;
  setTimeout(fetchAhead, GUARD); // before settle's timer: the next is asked for before the first key is taken
  outbox.tell();
  settle();
  waiting = outbox.records.find((record) => record.assignment === main().dataset.assignment)?.words ?? '';
  if (waiting) setBusy(true);
  outbox.flush();
}

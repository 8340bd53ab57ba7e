// The pairwise screen: one key a comparison, or a pad of criteria and a scale.

import { $, $$, announce, store } from '../annotate/core.js';
import { fill, gettext } from '../annotate/words.js';
import { canPaint, differences, paint } from './differs.js';
import { submit, undo } from './flow.js';
import { form, isGuarded, main, tell } from './page.js';
import { ask, press } from './panels.js';
import { start } from './task.js';

const PAD = [['KeyQ', 'KeyW', 'KeyE'], ['KeyA', 'KeyS', 'KeyD'], ['KeyZ', 'KeyX', 'KeyC']];
const HOW = gettext('Choose on the scale first');
let differing = false;
let linked = store.get('linked', false);
let follower = null;
let touchedBy = '';
let used = '';
let depth = {};

const rows = () => $$('.crit fieldset', form());
const open = () => rows().filter((row) => !$(':checked', row));
const chosen = () => $('input[name=scale]:checked', form());
const panes = () => $$('.resp-b');

function better() {
  const value = Number(chosen()?.value ?? 0);
  return value >= 1 && value <= 4 ? 'A' : value >= 5 && value <= 8 ? 'B' : '';
}

function lean() {
  const side = better();
  $$('.resp').forEach((pane) => pane.toggleAttribute('data-lean', pane.dataset.p === side));
}

// ---- answering ------------------------------------------------------------------------

function complete() {
  const rest = open();
  if (rest.length) {
    $('input', rest[0]).focus();
    tell(fill(gettext('Kept. Still to judge: %(criteria)s'), { criteria: rest.map((row) => row.dataset.name).join(', ') }));
  } else if (!ask(better())) submit(fill(gettext('Saved: %(choice)s.'), { choice: chosen().getAttribute('aria-label') }));
}

function pick(value, by) {
  if (isGuarded()) return;
  const input = $(`input[name=scale][value="${value}"]`, form());
  if (!input) return;
  used = by;
  input.checked = true;
  input.dispatchEvent(new Event('change', { bubbles: true }));
  complete();
}

function commit() {
  if (isGuarded()) return;
  if (chosen()) complete();
  else tell(HOW);
}

function judge(row, column) {
  if (isGuarded()) return true;
  const input = rows()[row] && $$('input', rows()[row])[column];
  if (!input) return false;
  used = 'key';
  input.checked = true;
  input.dispatchEvent(new Event('change', { bubbles: true }));
  announce(input.getAttribute('aria-label'));
  if (chosen() && !open().length) complete();
  return true;
}

// A mouse click says what is meant and saves; a tap or an arrow key only selects.
function onInputClick(event) {
  const input = event.target;
  if (!input.matches('#answer input[type=radio]')) return;
  const byMouse = touchedBy === 'mouse';
  if (touchedBy) used = touchedBy;
  touchedBy = '';
  if (input.name === 'scale') {
    if (byMouse) pick(input.value, 'mouse');
    else tell(fill(gettext('%(choice)s. Press Enter or Next to save'), { choice: input.getAttribute('aria-label') }));
  } else if (byMouse && chosen() && !open().length) commit();
}

// ---- reading ----------------------------------------------------------------------------

function measure() {
  for (const pane of panes()) {
    pane.closest('.resp').classList.toggle('long', pane.scrollHeight > pane.clientHeight + 8);
    note(pane);
  }
}

function note(pane) {
  const room = pane.scrollHeight - pane.clientHeight;
  const share = room > 8 ? pane.scrollTop / room : 1;
  const { p: letter } = pane.closest('.resp').dataset;
  depth[letter] = Math.max(depth[letter] ?? 0, share);
  $('progress', pane.closest('.resp')).value = 100 * (room > 8 ? share : 0);
  return share;
}

function onScroll(event) {
  const pane = event.target;
  if (!pane.classList?.contains('resp-b')) return;
  const share = note(pane);
  if (!linked || follower === pane) return;
  follower = panes().find((other) => other !== pane);
  follower.scrollTop = share * (follower.scrollHeight - follower.clientHeight);
  requestAnimationFrame(() => { follower = null; });
}

function page(share) {
  panes().forEach((pane) => pane.scrollBy({ top: share * (pane.clientHeight - 48) }));
}

function look(letter) {
  $('#pair').dataset.show = letter;
  $$('.ab button').forEach((button) => {
    const isShown = button.dataset.p === letter;
    button.setAttribute('aria-pressed', String(isShown));
    if (isShown) button.classList.add('seen');
  });
}

function differ(value = !differing) {
  if (!canPaint) {
    tell(gettext('This browser cannot mark differences'));
    return;
  }
  differing = value;
  press('differ', value);
  if (!value) {
    paint(null);
    tell(gettext('Differences off'));
    return;
  }
  const [a, b] = $$('.resp .shown');
  const found = differences(a, b);
  paint(found);
  tell(fill(found.isClose
    ? gettext('Close texts: %(a)s places in A and %(b)s in B are worded differently')
    : gettext('Different texts: marked numbers, names, code and negations found in one only (A %(a)s, B %(b)s)'), { a: found.a.length, b: found.b.length }));
}

function link(value = !linked) {
  linked = value;
  store.set('linked', value);
  press('link', value);
  tell(value ? gettext('Scrolling is linked') : gettext('Scrolling is separate'));
}

// ---- the screen -------------------------------------------------------------------------

const keys = {
  KeyU: undo, Backspace: undo, 'Mod+KeyZ': undo,
  Enter: commit, 'Mod+Enter': commit,
  KeyT: () => pick(0, 'key'), KeyV: () => differ(), KeyL: () => link(),
  Space: (event) => page(event.shiftKey ? -1 : 1), PageDown: () => page(1), PageUp: () => page(-1),
  ArrowDown: () => page(0.2), ArrowUp: () => page(-0.2),
  ArrowLeft: () => look('A'), ArrowRight: () => look('B'),
};
for (let value = 0; value <= 9; value++) keys[`Digit${value}`] = () => pick(value, 'key');
PAD.forEach((codes, row) => codes.forEach((code, column) => { keys[code] = () => judge(row, column); }));
for (const name of Object.keys(keys)) {
  const run = keys[name];
  keys[name] = (event) => (form() || /^(KeyU|Backspace|Mod\+KeyZ)$/.test(name) ? run(event) : false);
}

document.addEventListener('pointerdown', (event) => { touchedBy = event.pointerType; });
document.addEventListener('keydown', () => { touchedBy = ''; }, true);
document.addEventListener('click', onInputClick);
document.addEventListener('scroll', onScroll, true);
document.addEventListener('change', (event) => { if (event.target.name === 'scale') lean(); });
document.addEventListener('click', (event) => {
  const button = event.target.closest('.ab [data-p]');
  if (button) look(button.dataset.p);
});

start({
  show() {
    depth = {};
    used = '';
    panes().forEach((pane) => { pane.scrollTop = 0; });
    press('link', linked);
    lean();
    requestAnimationFrame(() => {
      measure();
      paint(null);
      if (differing) differ(true);
    });
  },
  commit,
  better,
  resized: measure,
  acts: { differ: () => differ(), link: () => link() },
  keys,
  measured: () => ({
    by: used,
    layout: matchMedia('(max-width: 760px)').matches ? 'one' : 'side',
    read: Object.fromEntries(Object.entries(depth).map(([letter, share]) => [letter, Math.round(share * 100) / 100])),
    aids: { differ: differing, linked, source: $('[data-act=source]', main())?.getAttribute('aria-pressed') === 'true' },
  }),
});

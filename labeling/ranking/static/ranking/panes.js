// How two responses are read, at work and in training: paged, linked, stacked, compared, measured.

import { $, $$, store } from '../annotate/core.js';
import { fill, gettext } from '../annotate/words.js';
import { canPaint, differences, paint } from './differs.js';
import { isPhone, tell } from './page.js';
import { isSourceShown, press } from './panels.js';
import { isStacked, setStacked } from './stacked.js';

const LEAST = 8; // so few pixels out of sight are none
let differing = false;
let linked = store.get('linked', false);
let follower = null;
let depth = {};

const panes = () => $$('.resp-b');
const room = (pane) => pane.scrollHeight - pane.clientHeight;
const place = (pane) => (room(pane) > LEAST ? pane.scrollTop / room(pane) : 0);

// ---- the better one -----------------------------------------------------------------------

// The side that a field of the scale stands for.
export function sideOf(field) {
  const value = Number(field?.value ?? 0);
  return value >= 1 && value <= 4 ? 'A' : value >= 5 && value <= 8 ? 'B' : '';
}

export function lean(side) {
  $$('.resp').forEach((response) => response.toggleAttribute('data-lean', response.dataset.p === side));
}

// ---- how far they are read ----------------------------------------------------------------

function note(pane) {
  const response = pane.closest('.resp');
  const { p: letter } = response.dataset;
  const isLong = room(pane) > LEAST;
  response.classList.toggle('long', isLong);
  depth[letter] = Math.max(depth[letter] ?? 0, isLong ? place(pane) : 1);
  $('progress', response).value = 100 * place(pane);
}

export function measure() {
  panes().forEach(note);
}

// ---- scrolling ----------------------------------------------------------------------------

function moveTo(pane, share) {
  pane.scrollTop = share * room(pane);
}

function onScroll(event) {
  const pane = event.target;
  if (!pane.classList?.contains('resp-b')) return;
  note(pane);
  if (!linked || follower === pane) return;
  follower = panes().find((other) => other !== pane);
  moveTo(follower, place(pane));
  requestAnimationFrame(() => { follower = null; });
}

function page(share) {
  panes().forEach((pane) => pane.scrollBy({ top: share * (pane.clientHeight - 48) }));
}

function link(value = !linked) {
  linked = value;
  store.set('linked', value);
  press('link', value);
  tell(value ? gettext('Scrolling is linked') : gettext('Scrolling is separate'));
}

// ---- where they stand ---------------------------------------------------------------------

function stack(value = !isStacked()) {
  const places = panes().map(place);
  setStacked(value);
  panes().forEach((pane, at) => moveTo(pane, places[at]));
  measure();
  press('stack', value);
  tell(value ? gettext('A is above B') : gettext('A and B are side by side'));
}

function look(letter) {
  $('#pair').dataset.show = letter;
  $$('.ab button').forEach((button) => {
    const isShown = button.dataset.p === letter;
    button.setAttribute('aria-pressed', String(isShown));
    if (isShown) button.classList.add('seen');
  });
}

// ---- differences --------------------------------------------------------------------------

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

// ---- for the screens ----------------------------------------------------------------------

export const acts = { differ: () => differ(), link: () => link(), stack: () => stack() };
export const keys = {
  KeyV: () => differ(), KeyL: () => link(),
  Space: (event) => page(event.shiftKey ? -1 : 1), PageDown: () => page(1), PageUp: () => page(-1),
  ArrowDown: () => page(0.2), ArrowUp: () => page(-0.2),
  ArrowLeft: () => look('A'), ArrowRight: () => look('B'),
};

// Two responses have come onto the page.
export function show() {
  depth = {};
  panes().forEach((pane) => { pane.scrollTop = 0; });
  press('link', linked);
  press('stack', isStacked());
  requestAnimationFrame(() => {
    measure();
    paint(null);
    if (differing) differ(true);
  });
}

function layout() {
  if (isPhone()) return 'one';
  return isStacked() ? 'stacked' : 'side';
}

// What is stored with the answer of how they were read.
export const measured = () => ({
  layout: layout(),
  read: Object.fromEntries(Object.entries(depth).map(([letter, share]) => [letter, Math.round(share * 100) / 100])),
  aids: { differ: differing, linked, source: isSourceShown() },
});

document.addEventListener('scroll', onScroll, true);
document.addEventListener('click', (event) => {
  const button = event.target.closest('.ab [data-p]');
  if (button) look(button.dataset.p);
});

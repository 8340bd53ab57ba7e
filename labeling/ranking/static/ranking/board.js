// Three to nine responses as cards, and four equal ways to put them in order, always in step.

import { $, $$ } from '../annotate/core.js';
import { fill, gettext, ngettext } from '../annotate/words.js';
import { draw as drawLadder, wire } from './ladder.js';
import { form, isGuarded, isPhone, tell } from './page.js';

const ORDINALS = [
  gettext('1st'), gettext('2nd'), gettext('3rd'), gettext('4th'), gettext('5th'),
  gettext('6th'), gettext('7th'), gettext('8th'), gettext('9th'),
];
export let letters = [];
export let ranks = new Map();
let trail = []; // how each move is taken back
let at = 0;
let changed = () => {};

export const cards = () => $$('.card');
export const size = () => letters.length;
export const unranked = () => letters.filter((letter) => !ranks.has(letter));
export const better = () => letters.find((letter) => ranks.get(letter) === Math.min(...ranks.values())) ?? '';
export const together = (some) => some.reduce((these, one) => fill(gettext('%(these)s and %(one)s'), { these, one }));

export function spelled() {
  const steps = [...new Set(ranks.values())].sort((a, b) => a - b);
  return steps.map((rank) => letters.filter((letter) => ranks.get(letter) === rank).join(' = ')).join(' > ');
}

function draw() {
  drawLadder(letters, ranks, letters[at]);
  for (const card of cards()) {
    const rank = ranks.get(card.dataset.c);
    $$('.ranks input', card).forEach((input) => { input.checked = Number(input.value) === rank; });
  }
  if ($('#expr')) {
    $('#expr').hidden = unranked().length > 0;
    $('#expr').textContent = spelled();
  }
  changed();
}

export function choose(index, move = true) {
  at = (index + size()) % size();
  cards().forEach((card, place) => {
    card.classList.toggle('cur', place === at);
    card.tabIndex = place === at ? 0 : -1;
  });
  $$('.tok').forEach((tok) => tok.classList.toggle('cur', tok.dataset.c === letters[at]));
  $('[data-act=up]')?.setAttribute('aria-label', fill(gettext('Move %(letter)s one rank up'), { letter: letters[at] }));
  $('[data-act=down]')?.setAttribute('aria-label', fill(gettext('Move %(letter)s one rank down'), { letter: letters[at] }));
  if (!move) return;
  const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
  cards()[at].focus({ preventScroll: true });
  cards()[at].scrollIntoView({ block: 'nearest', inline: 'center', behavior });
}

// ---- ranking ------------------------------------------------------------------------------

export function remember(takeBack) {
  trail.push(takeBack);
}

// Takes the last move back; tells whether there was one.
export function takeBack() {
  const last = trail.pop();
  last?.();
  return Boolean(last);
}

function put(letter, rank) {
  if (rank === null) ranks.delete(letter);
  else ranks.set(letter, rank);
  draw();
  form().dispatchEvent(new Event('input', { bubbles: true }));
}

function putBack(letter, rank) {
  put(letter, rank);
  choose(letters.indexOf(letter));
  tell(fill(rank ? gettext('%(letter)s is %(ordinal)s again') : gettext('%(letter)s is not ranked again'), { letter, ordinal: ORDINALS[rank - 1] }));
}

function standing(letter, rank) {
  const level = letters.filter((other) => other !== letter && ranks.get(other) === rank);
  const says = { letter, ordinal: ORDINALS[rank - 1] };
  if (!rank) return fill(gettext('%(letter)s is not ranked.'), says);
  if (!level.length) return fill(gettext('%(letter)s is %(ordinal)s.'), says);
  return fill(gettext('%(letter)s is %(ordinal)s, level with %(others)s.'), { ...says, others: together(level) });
}

function place(letter, rank) {
  if (!form() || isGuarded()) return;
  const before = ranks.get(letter) ?? null;
  remember(() => putBack(letter, before));
  put(letter, rank);
  const count = unranked().length;
  const left = count
    ? fill(ngettext('%(count)s to go', '%(count)s to go', count), { count })
    : fill(gettext('All ranked: %(order)s'), { order: spelled() });
  tell(`${standing(letter, rank)} ${left}`);
}

function digit(rank) {
  if (!form() || isGuarded()) return;
  if (rank > size()) {
    tell(fill(gettext('Ranks go from 1 to %(most)s'), { most: size() }));
    return;
  }
  place(letters[at], rank);
  const ahead = letters.map((_, step) => at + step + 1).find((index) => !ranks.has(letters[index % size()]));
  if (ahead !== undefined) choose(ahead);
}

function step(letter, by) {
  const now = ranks.get(letter);
  const first = by > 0 ? size() : 1;
  place(letter, now ? Math.min(size(), Math.max(1, now + by)) : first);
  choose(letters.indexOf(letter), false);
}

// Leads to the first one that has no rank yet, and says how many there are; false when all have.
export function leadToUnranked() {
  const rest = unranked();
  if (!rest.length) return false;
  choose(letters.indexOf(rest[0]));
  tell(fill(
    ngettext('%(count)s not ranked yet. Starting at %(letter)s', '%(count)s not ranked yet. Starting at %(letter)s', rest.length),
    { count: rest.length, letter: rest[0] },
  ));
  return true;
}

// ---- reading ------------------------------------------------------------------------------

function grow(card) {
  const isOpen = card.classList.toggle('open');
  const button = $('.more', card);
  button.textContent = isOpen ? gettext('Show less') : gettext('Read all');
  button.setAttribute('aria-expanded', String(isOpen));
  measure();
}

export function measure() {
  for (const card of cards()) {
    const clip = $('.clip', card);
    const isOver = clip.scrollHeight > clip.clientHeight + 4;
    const scrolls = isOver && getComputedStyle(clip).overflowY === 'auto';
    clip.classList.toggle('over', isOver);
    $('footer', card).hidden = !isOver && !card.classList.contains('open');
    if (!scrolls) {
      clip.removeAttribute('tabindex');
      continue;
    }
    clip.tabIndex = 0;
    clip.setAttribute('role', 'region');
    clip.setAttribute('aria-label', fill(gettext('Response %(letter)s, text'), { letter: card.dataset.c }));
  }
}

const columns = () => (isPhone() ? 1 : getComputedStyle($('#cards')).gridTemplateColumns.split(' ').length);

// ---- the board as a whole -------------------------------------------------------------------

export const acts = {
  grow: (button) => grow(button.closest('.card')),
  up: () => step(letters[at], -1),
  down: () => step(letters[at], 1),
};

export const keys = {
  ArrowRight: () => choose(at + 1), ArrowLeft: () => choose(at - 1),
  ArrowDown: () => choose(Math.min(size() - 1, at + columns())), ArrowUp: () => choose(Math.max(0, at - columns())),
  'Alt+ArrowUp': acts.up, 'Alt+ArrowLeft': acts.up, 'Alt+ArrowDown': acts.down, 'Alt+ArrowRight': acts.down,
  Digit0: () => place(letters[at], null),
  KeyO: () => grow(cards()[at]),
};
for (let rank = 1; rank <= 9; rank++) keys[`Digit${rank}`] = () => digit(rank);
// The letters of the cards never carry a command here; those beyond the last card do nothing.
[...'ABCDEFGHI'].forEach((letter, index) => { keys[`Key${letter}`] = () => index < size() && choose(index); });

// Takes the cards on the page as they are now; ``onChange`` follows every change of a rank.
export function show(onChange = changed) {
  changed = onChange;
  letters = cards().map((card) => card.dataset.c);
  ranks = new Map($$('.ranks input:checked').map((input) => [input.closest('.card').dataset.c, Number(input.value)]));
  trail = [];
  choose(0, false);
  draw();
  measure();
  document.fonts?.ready.then(measure);
}

wire({
  place,
  step,
  choose: (letter) => choose(letters.indexOf(letter), isPhone()),
  current: () => letters[at],
});
document.addEventListener('change', (event) => {
  const card = event.target.closest('.ranks')?.closest('.card');
  if (!card) return;
  choose(letters.indexOf(card.dataset.c), false);
  place(card.dataset.c, Number(event.target.value));
});
for (const kind of ['focusin', 'pointerdown']) {
  document.addEventListener(kind, (event) => {
    const card = event.target.closest?.('.card');
    if (card && card.dataset.c !== letters[at]) choose(letters.indexOf(card.dataset.c), false);
  });
}

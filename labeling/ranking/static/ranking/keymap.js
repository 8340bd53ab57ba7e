// Which key does what: what the person has swapped, and the caps that show it.

import { $, $$, announce, store } from '../annotate/core.js';
import { fill, gettext } from '../annotate/words.js';
import { main } from './page.js';

const codes = (letters) => [...letters].map((letter) => `Key${letter}`);
const [LEFT, RIGHT] = [codes('QWEASDZXC'), codes('YUIHJKBNM')]; // the pad of criteria, and where the right hand has it
const MOVABLE = /^(Key[A-Z]|Digit\d)$/;
const HOW = gettext('Press the new key. Escape leaves it as it is.');
// Each kind of screen by itself: a letter that is free on the one is the name of a card on the other.
const KEPT = `keymap-${main().dataset.screen}`;
let moved = store.get(KEPT, {}); // own key of an act: where it lies now; two keys always swap
let letters = null; // of the keyboard's layout, where the browser tells it
let waiting = null; // the button of the act that gets the next key

const placed = (code) => moved[code] ?? code;
const nameOf = (code) => (code.startsWith('Key') && letters?.get(code)?.toLocaleUpperCase()) || code.replace(/^(Key|Digit)/, '');

// The own key of the act that is meant by the key pressed.
export function meant(code) {
  return Object.keys(moved).find((own) => moved[own] === code) ?? code;
}

function codeOf(cap) {
  const text = cap.textContent.trim();
  if (!cap.dataset.key && /^[A-Z\d]$/.test(text)) cap.dataset.key = /\d/.test(text) ? `Digit${text}` : `Key${text}`;
  return cap.dataset.key;
}

// Writes on every cap what lies there on this person's keyboard.
export function label(root = document) {
  for (const cap of $$('kbd', root)) {
    const code = codeOf(cap);
    if (!code) continue;
    cap.textContent = nameOf(placed(code));
    const told = cap.closest('[title]');
    if (told) told.title = told.title.replace(/\(.\)$/, `(${cap.textContent})`);
  }
}

function keep(map) {
  moved = Object.fromEntries(Object.entries(map).filter(([own, now]) => own !== now));
  store.set(KEPT, moved);
  label();
  $('#keys-reset').disabled = !Object.keys(moved).length;
}

function swap(own, pressed) {
  keep({ ...moved, [meant(pressed)]: placed(own), [own]: pressed });
}

// ---- in the dialog of shortcuts -----------------------------------------------------------

const rowOf = (cap) => cap.closest('.keys > div')?.firstChild.textContent.trim() ?? '';

function change(isOn) {
  $('#keys-change').setAttribute('aria-pressed', String(isOn));
  for (const cap of $$('#keys .keys kbd[data-key]')) {
    const button = cap.closest('button');
    if (isOn && !button) {
      const made = Object.assign(document.createElement('button'), { type: 'button', className: 'cap' });
      cap.replaceWith(made);
      made.append(cap);
    } else if (!isOn) button?.replaceWith(cap);
  }
  name();
  wait(null);
}

function name() {
  for (const button of $$('#keys .cap')) {
    const cap = $('kbd', button);
    button.setAttribute('aria-label', fill(gettext('%(row)s: %(key)s. Change this key'), { row: rowOf(button), key: cap.textContent }));
  }
}

function say(text) {
  $('#keys-said').textContent = text;
  if (text) announce(text);
}

function wait(button) {
  waiting?.classList.remove('waiting');
  waiting = button;
  waiting?.classList.add('waiting');
  say(button ? HOW : '');
}

// For who holds the mouse in the left hand. What was moved before and is not in the way stays.
function toTheRight() {
  wait(null);
  LEFT.forEach((own, at) => swap(own, RIGHT[at]));
  name();
  const rows = [0, 3, 6].map((at) => RIGHT.slice(at, at + 3).map(nameOf).join(' '));
  say(fill(gettext('Keys of the criteria: %(keys)s. What was there changed places with them.'), { keys: rows.join(', ') }));
}

function reset() {
  wait(null);
  keep({});
  name();
  say(gettext('All keys are as they were.'));
}

function take(event) {
  if (!waiting) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.key === 'Escape') {
    wait(null);
  } else if (MOVABLE.test(event.code) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const [row, own] = [rowOf(waiting), $('kbd', waiting).dataset.key];
    const other = meant(event.code);
    swap(own, event.code);
    wait(null);
    name();
    const also = other !== own && $(`#keys .cap kbd[data-key="${other}"]`);
    const lies = (act, code) => fill(gettext('%(row)s: %(key)s.'), { row: act, key: nameOf(placed(code)) });
    say([lies(row, own), ...(also ? [lies(rowOf(also), other)] : [])].join(' '));
  } else if (!/^(Shift|Control|Alt|Meta)/.test(event.key)) {
    $('#keys-said').textContent = gettext('Letters and digits can be used; the other keys stay where they are.');
  }
}

export function wireKeymap() {
  $('#keys-change').addEventListener('click', () => change($('#keys-change').getAttribute('aria-pressed') !== 'true'));
  $('#keys-right')?.addEventListener('click', toTheRight);
  $('#keys-reset').addEventListener('click', reset);
  $('#keys').addEventListener('click', (event) => {
    const button = event.target.closest('.cap');
    if (button) wait(button);
  });
  $('#keys').addEventListener('close', () => change(false));
  document.addEventListener('keydown', take, true);
  keep(moved);
  navigator.keyboard?.getLayoutMap?.().then((map) => { letters = map; label(); }, () => {});
}

// The ideal response: one of those shown, edited until it is as it should have been.

import { $, $$ } from '../annotate/core.js';
import { apply, compare, editsOf } from './edits.js';
import { form } from './page.js';

const DRAW_AFTER = 150;
const MADE = 'ideal_made';
let made = new Map(); // letter: the text as it now stands, so that a look at another one loses nothing
let timer = 0;

const area = () => $('#ideal-t');
const base = () => $('#ideal [name=ideal_of]:checked')?.value ?? '';
const original = (letter = base()) => $(`#ideal .raw[data-p="${letter}"]`)?.value ?? '';
const isEdited = () => Boolean(base()) && area().value.trim() !== original().trim() && area().value.trim() !== '';

export const isMissing = () => Boolean($('#ideal[data-required]')) && !isEdited();

function draw() {
  const view = $('#ideal-d');
  view.hidden = !isEdited();
  const runs = view.hidden ? [] : compare(original(), area().value);
  view.replaceChildren(...runs.map(([kind, text]) => {
    if (kind === 'same') return text;
    return Object.assign(document.createElement(kind === 'new' ? 'ins' : 'del'), { textContent: text });
  }));
  $('#ideal').toggleAttribute('data-set', isEdited());
}

function take(letter) {
  $$('#ideal [name=ideal_of]').forEach((input) => { input.checked = input.value === letter; });
  area().value = made.get(letter) ?? original(letter);
  draw();
}

// Opened for the first time, it holds the response that the person has called the better one.
export function offer(letter) {
  if ($('#ideal') && !base() && letter) take(letter);
}

// What is kept as a draft: what was made of each response, as edits, not texts.
export function drafted() {
  const edited = [...made].filter(([letter, text]) => letter && text !== original(letter));
  return edited.map(([letter, text]) => [MADE, JSON.stringify([letter, editsOf(original(letter), text)])]);
}

// What is posted, likewise as edits.
export function fields() {
  if (!$('#ideal') || !isEdited()) return [];
  return [['ideal_of', base()], ['ideal_edits', JSON.stringify(editsOf(original(), area().value))]];
}

export function restore(kept) {
  const { ideal_of: shown } = Object.fromEntries(kept);
  if (!$('#ideal') || !shown) return;
  for (const [, value] of kept.filter(([name]) => name === MADE)) {
    const [letter, edits] = JSON.parse(value);
    try {
      made.set(letter, apply(original(letter), edits));
    } catch {
      return; // of another text: a response that was generated anew
    }
  }
  take(shown);
}

export function show() {
  made = new Map();
  if (!$('#ideal')) return;
  if (base()) made.set(base(), area().value);
  draw();
}

document.addEventListener('input', (event) => {
  if (event.target !== area()) return;
  made.set(base(), area().value);
  clearTimeout(timer);
  timer = setTimeout(() => { if (form()) draw(); }, DRAW_AFTER);
});
document.addEventListener('change', (event) => {
  if (event.target.name === 'ideal_of') take(event.target.value);
});

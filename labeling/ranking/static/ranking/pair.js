// The pairwise screen: one key a comparison, or a pad of criteria and a scale.

import { $, $$, announce } from '../annotate/core.js';
import { fill, gettext } from '../annotate/words.js';
import { submit, undo } from './flow.js';
import { form, isGuarded, tell } from './page.js';
import { ask } from './panels.js';
import * as panes from './panes.js';
import { start } from './task.js';

const PAD = [['KeyQ', 'KeyW', 'KeyE'], ['KeyA', 'KeyS', 'KeyD'], ['KeyZ', 'KeyX', 'KeyC']];
const HOW = gettext('Choose on the scale first');
let touchedBy = '';
let used = '';

const rows = () => $$('.crit fieldset', form());
const open = () => rows().filter((row) => !$(':checked', row));
const chosen = () => $('input[name=scale]:checked', form());
const better = () => panes.sideOf(chosen());
const lean = () => panes.lean(better());

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

// ---- the screen -------------------------------------------------------------------------

const keys = {
  ...panes.keys,
  KeyU: undo, Backspace: undo, 'Mod+KeyZ': undo,
  Enter: commit, 'Mod+Enter': commit,
  KeyT: () => pick(0, 'key'),
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
document.addEventListener('change', (event) => { if (event.target.name === 'scale') lean(); });

start({
  show() {
    used = '';
    lean();
    panes.show();
  },
  commit,
  better,
  resized: panes.measure,
  acts: panes.acts,
  keys,
  measured: () => ({ by: used, ...panes.measured() }),
});

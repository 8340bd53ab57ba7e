// Pairs in training and qualification: one key an item, the same as at work.

import { $ } from '../annotate/core.js';
import { fill, gettext } from '../annotate/words.js';
import { form, isGuarded, tell } from '../ranking/page.js';
import * as panes from '../ranking/panes.js';
import { send, start } from './sheet.js';

let touchedBy = '';

const chosen = () => $('input[name=scale]:checked', form() ?? undefined);
const lean = () => panes.lean($('#dock').dataset.prefers || panes.sideOf(chosen()));

function commit() {
  if (isGuarded()) return;
  if (chosen()) send();
  else tell(gettext('Choose on the scale first'));
}

function pick(value) {
  const input = $(`input[name=scale][value="${value}"]`, form() ?? undefined);
  if (!form() || isGuarded() || !input) return;
  input.checked = true;
  lean();
  send();
}

// A mouse click says what is meant and saves; a tap or an arrow key only selects.
function onInputClick(event) {
  if (!event.target.matches('#answer input[name=scale]')) return;
  if (touchedBy === 'mouse') pick(event.target.value);
  else tell(fill(gettext('%(choice)s. Press Enter or Next to save'), { choice: event.target.getAttribute('aria-label') }));
  touchedBy = '';
}

const keys = {
  ...panes.keys,
  KeyT: () => pick(0), KeyO: () => $('[data-act=open]:not([hidden])')?.click(),
};
for (let value = 0; value <= 9; value++) keys[`Digit${value}`] = () => pick(value);

document.addEventListener('pointerdown', (event) => { touchedBy = event.pointerType; });
document.addEventListener('keydown', () => { touchedBy = ''; }, true);
document.addEventListener('click', onInputClick);
document.addEventListener('change', lean);

start({ commit, keys, acts: panes.acts, shown: () => { lean(); panes.show(); }, resized: panes.measure });

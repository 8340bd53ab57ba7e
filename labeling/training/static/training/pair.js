// Pairs in training and qualification: one key an item, the same as at work.

import { $, $$ } from '../annotate/core.js';
import { fill, gettext } from '../annotate/words.js';
import { canPaint, differences, paint } from '../ranking/differs.js';
import { form, isGuarded, tell } from '../ranking/page.js';
import { press } from '../ranking/panels.js';
import { send, start } from './sheet.js';

let touchedBy = '';
let differing = false;

const panes = () => $$('.resp-b');
const chosen = () => $('input[name=scale]:checked', form() ?? undefined);

function lean() {
  const value = Number(chosen()?.value ?? 0);
  const side = $('#dock').dataset.prefers || (value >= 1 && value <= 4 ? 'A' : value >= 5 && value <= 8 ? 'B' : '');
  $$('.resp').forEach((pane) => pane.toggleAttribute('data-lean', pane.dataset.p === side));
}

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

function look(letter) {
  $('#pair').dataset.show = letter;
  $$('.ab button').forEach((button) => {
    const isShown = button.dataset.p === letter;
    button.setAttribute('aria-pressed', String(isShown));
    if (isShown) button.classList.add('seen');
  });
}

function differ() {
  if (!canPaint) {
    tell(gettext('This browser cannot mark differences'));
    return;
  }
  differing = !differing;
  press('differ', differing);
  paint(differing ? differences(...$$('.resp .shown')) : null);
}

function page(share) {
  panes().forEach((pane) => pane.scrollBy({ top: share * (pane.clientHeight - 48) }));
}

function note(pane) {
  const room = pane.scrollHeight - pane.clientHeight;
  pane.closest('.resp').classList.toggle('long', room > 8);
  $('progress', pane.closest('.resp')).value = room > 8 ? (100 * pane.scrollTop) / room : 0;
}

const keys = {
  KeyT: () => pick(0), KeyV: differ, KeyO: () => $('[data-act=open]:not([hidden])')?.click(),
  Space: (event) => page(event.shiftKey ? -1 : 1), PageDown: () => page(1), PageUp: () => page(-1),
  ArrowDown: () => page(0.2), ArrowUp: () => page(-0.2), ArrowLeft: () => look('A'), ArrowRight: () => look('B'),
};
for (let value = 0; value <= 9; value++) keys[`Digit${value}`] = () => pick(value);

document.addEventListener('pointerdown', (event) => { touchedBy = event.pointerType; });
document.addEventListener('keydown', () => { touchedBy = ''; }, true);
document.addEventListener('click', onInputClick);
document.addEventListener('change', lean);
document.addEventListener('scroll', (event) => { if (event.target.classList?.contains('resp-b')) note(event.target); }, true);
document.addEventListener('click', (event) => {
  const button = event.target.closest('.ab [data-p]');
  if (button) look(button.dataset.p);
});

const measure = () => panes().forEach(note);
start({ commit, keys, acts: { differ }, shown: () => { lean(); measure(); }, resized: measure });

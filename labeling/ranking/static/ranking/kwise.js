// The K-wise screen: three to nine responses in order, and the last one that is acceptable.

import { $, $$ } from '../annotate/core.js';
import { fill, gettext } from '../annotate/words.js';
import * as board from './board.js';
import { submit, undo as undoAnswer } from './flow.js';
import { form, isGuarded, isPhone, tell } from './page.js';
import { ask, isSourceShown } from './panels.js';
import { start } from './task.js';

// ---- what is acceptable -------------------------------------------------------------------

const line = () => $('#acceptable');
let stood = null; // where the line was before the select moved it
const last = () => (line()?.value ? Number(line().value) : null);

function refused() {
  if (last() === null || board.unranked().length) return '';
  const below = board.letters.filter((letter) => board.ranks.get(letter) > last());
  if (!below.length) return gettext('All acceptable');
  if (below.length === board.size()) return gettext('None acceptable');
  return fill(gettext('Not acceptable: %(letters)s'), { letters: board.together(below) });
}

function draw() {
  $('#save-next').setAttribute('aria-disabled', String(board.unranked().length > 0));
  for (const rung of $$('.rung')) {
    const rank = Number(rung.dataset.r);
    rung.classList.toggle('refused', last() !== null && rank > last());
    rung.classList.toggle('first', last() !== null && rank === last() + 1);
  }
}

function setLine(value) {
  line().value = value === null ? '' : String(value);
  stood = value;
  draw();
  form().dispatchEvent(new Event('input', { bubbles: true }));
  tell(refused() || line().selectedOptions[0].textContent);
}

function moveLine(by) {
  if (!line() || isGuarded()) return;
  const before = last();
  board.remember(() => setLine(before));
  setLine(Math.min(board.size(), Math.max(0, before === null ? board.size() + Math.min(by, 0) : before + by)));
}

// ---- answering ----------------------------------------------------------------------------

function undo() {
  if (!board.takeBack()) undoAnswer();
}

function commit() {
  if (isGuarded() || board.leadToUnranked() || ask(board.better())) return;
  const saved = fill(gettext('Saved: %(order)s'), { order: board.spelled() });
  submit(refused() ? `${saved}. ${refused()}.` : saved);
}

const keys = {
  ...board.keys,
  BracketLeft: () => moveLine(-1), BracketRight: () => moveLine(1),
  KeyU: undo, Backspace: undo, 'Mod+KeyZ': undo, Enter: commit, 'Mod+Enter': commit,
};
for (const name of Object.keys(keys)) {
  const run = keys[name];
  keys[name] = (event) => (form() ? run(event) : false);
}

document.addEventListener('change', (event) => {
  if (event.target !== line()) return;
  const before = stood;
  board.remember(() => setLine(before));
  setLine(last());
});
start({
  show() {
    board.show(draw);
    stood = last();
  },
  commit,
  better: board.better,
  resized: board.measure,
  acts: { ...board.acts, undo },
  keys,
  measured: () => ({
    by: '',
    layout: isPhone() ? 'one' : 'grid',
    unread: board.cards().filter((card) => $('.clip.over', card) && !card.classList.contains('open')).map((card) => card.dataset.c),
    aids: { source: isSourceShown() },
  }),
});

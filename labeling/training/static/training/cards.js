// Three to nine responses in training and qualification: put in order as at work.

import { $ } from '../annotate/core.js';
import * as board from '../ranking/board.js';
import { form, isGuarded } from '../ranking/page.js';
import { send, start } from './sheet.js';

function commit() {
  if (!isGuarded() && !board.leadToUnranked()) send();
}

function draw() {
  $('#save-next')?.setAttribute('aria-disabled', String(board.unranked().length > 0));
}

const undo = () => Boolean(form()) && board.takeBack();

start({
  commit,
  keys: { ...board.keys, KeyU: undo, Backspace: undo, 'Mod+KeyZ': undo },
  acts: board.acts,
  shown: () => board.show(draw),
  resized: board.measure,
});

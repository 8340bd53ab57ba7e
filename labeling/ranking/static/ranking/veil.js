// Texts that are hard to bear stay veiled until the person opens them; nothing is saved unseen.

import { $, $$ } from '../annotate/core.js';
import { gettext } from '../annotate/words.js';
import { tell } from './page.js';

const box = () => $('#veil');

export const isVeiled = () => Boolean(box()) && !box().checked;

// What cannot be seen is not read out, searched or reached with Tab either.
export function show() {
  $$('.ask-t, .hist-b, .resp-b, .clip, #ideal .pop').forEach((text) => { text.inert = isVeiled(); });
}

export function turn() {
  if (!box()) return false;
  box().checked = !box().checked;
  show();
  tell(isVeiled() ? gettext('The texts are veiled') : gettext('The texts are shown'));
  return true;
}

export function pass() {
  if (!box()) return false;
  $('.veil [name=reason]').click();
  return true;
}

document.addEventListener('change', (event) => { if (event.target === box()) show(); });

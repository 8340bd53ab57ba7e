// The panels that rise from the dock, and what helps with reading: source, text size, long prompts.

import { $, $$, store } from '../annotate/core.js';
import { fill, gettext } from '../annotate/words.js';
import * as ideal from './ideal.js';
import { tell } from './page.js';

const SIZES = { least: 14, usual: 17, most: 24 };

export function panel(id, open = !$(`#${id}`)?.open) {
  const box = $(`#${id}`);
  if (!box) return;
  box.open = open;
  if (open) ($('textarea', box) ?? $('h2', box)).focus();
  else $('summary', box).focus();
}

export function closePanels() {
  $$('.panel-up[open]').forEach((box) => {
    const held = box.contains(document.activeElement);
    box.open = false;
    if (held) $('summary', box).focus();
  });
}

export function markPanels() {
  $('#report')?.toggleAttribute('data-set', Boolean($('#report :checked')));
  $('#note')?.toggleAttribute('data-set', Boolean($('#note-t')?.value.trim() || $('#note :checked')));
  const more = $('#note-n');
  if (more) more.textContent = fill(gettext('%(written)s of %(least)s'), { written: written(), least: $('#note').dataset.required });
}

const written = () => $('#note-t').value.trim().length;

// What the campaign asks beside the choice and has not got yet: its panel, and what to say; null for nothing.
export function asked() {
  const least = $('#note[data-required]') && Number($('#note').dataset.required);
  if (least && written() < least) return { id: 'note', text: fill(gettext('Kept. Now say why in %(least)s characters or more, then press Ctrl Enter'), { least }) };
  if (least === 0 && !written() && !$('#note :checked')) return { id: 'note', text: gettext('Kept. Now say why in a few words, then press Ctrl Enter') };
  if (ideal.isMissing()) return { id: 'ideal', text: gettext('Kept. Now edit a response until it is as it should have been, then press Ctrl Enter') };
  return null;
}

// Opens the panel of what is still asked; tells whether there is anything.
export function ask(better = '') {
  const open = asked();
  if (!open) return false;
  if (open.id === 'ideal') ideal.offer(better);
  panel(open.id, true);
  tell(open.text);
  return true;
}

export function press(act, value) {
  $$(`[data-act=${act}]`).forEach((button) => button.setAttribute('aria-pressed', String(value)));
}

export const isSourceShown = () => $('[data-act=source]')?.getAttribute('aria-pressed') === 'true';

export function source(value = !isSourceShown()) {
  press('source', value);
  $$('.read.src').forEach((text) => { text.hidden = !value; });
  $$('.read.shown').forEach((text) => { text.hidden = value; });
}

export function resize(step) {
  const size = Math.min(SIZES.most, Math.max(SIZES.least, store.get('read', SIZES.usual) + step));
  store.set('read', size);
  document.documentElement.style.setProperty('--read', `${size / 16}rem`);
  if (step) tell(fill(gettext('Text size %(size)s'), { size }));
  dispatchEvent(new Event('resize'));
}

export function measurePrompt() {
  const [text, button] = [$('.ask-t'), $('[data-act=open]')];
  const isOpen = $('.ask')?.classList.contains('open');
  if (text && button) button.hidden = !isOpen && text.scrollHeight <= text.clientHeight + 4;
}

export function openPrompt() {
  const isOpen = $('.ask').classList.toggle('open');
  if ($('#hist')) $('#hist').open = isOpen;
  const button = $('[data-act=open]');
  button.textContent = isOpen ? gettext('Show less') : gettext('Show all');
  button.setAttribute('aria-expanded', String(isOpen));
  measurePrompt();
}

export function restoreSize() {
  if (store.get('read', SIZES.usual) !== SIZES.usual) resize(0);
}

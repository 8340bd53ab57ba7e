// The panels that rise from the dock, and what helps with reading: source, text size, long prompts.

import { $, $$, store } from '../annotate/core.js';
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
  $('#note')?.toggleAttribute('data-set', Boolean($('#note-t')?.value.trim()));
}

export function press(act, value) {
  $$(`[data-act=${act}]`).forEach((button) => button.setAttribute('aria-pressed', String(value)));
}

export function source(value = $('[data-act=source]')?.getAttribute('aria-pressed') !== 'true') {
  press('source', value);
  $$('.read.src').forEach((text) => { text.hidden = !value; });
  $$('.read.shown').forEach((text) => { text.hidden = value; });
}

export function resize(step) {
  const size = Math.min(SIZES.most, Math.max(SIZES.least, store.get('read', SIZES.usual) + step));
  store.set('read', size);
  document.documentElement.style.setProperty('--read', `${size / 16}rem`);
  if (step) tell(`Text size ${size}`);
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
  button.textContent = isOpen ? 'Show less' : 'Show all';
  button.setAttribute('aria-expanded', String(isOpen));
  measurePrompt();
}

export function restoreSize() {
  if (store.get('read', SIZES.usual) !== SIZES.usual) resize(0);
}

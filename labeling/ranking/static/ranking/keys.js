// Single-key shortcuts, bound to the physical key, so that every keyboard layout works.

import { $ } from '../annotate/core.js';
import { meant } from './keymap.js';
import { isOn } from './switches.js';

const TEXT_FIELDS = 'textarea, select, [contenteditable=true], input:not([type=radio], [type=checkbox])';
// Beside a field that is being written in, a letter is meant for it, whatever has the focus.
const WRITING = '#note .pop, #ideal .pop';
let bound = {};

export function bindKeys(map) {
  bound = map;
}

function nameOf(event) {
  if (event.key === '?') return '?';
  const code = event.code.replace(/^Numpad(\d)$/, 'Digit$1').replace('NumpadEnter', 'Enter');
  return event.altKey ? `Alt+${code}` : meant(code);
}

// Keys that a focused control needs for itself stay with it.
function isNative(name, target) {
  if (/^(Enter|Space)$/.test(name)) return target.closest('a, button, summary') !== null;
  if (name === 'Space') return target.matches('input');
  return /^Arrow/.test(name) && target.matches('input[type=radio]');
}

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.repeat || event.isComposing || !(event.target instanceof Element)) return;
  const typing = event.target.matches(TEXT_FIELDS) || event.target.closest(WRITING) !== null;
  const withModifier = event.ctrlKey || event.metaKey;
  let run;
  if (withModifier && event.key === 'Enter') run = bound['Mod+Enter'];
  else if (withModifier && !typing && event.code === 'KeyZ') run = bound['Mod+KeyZ'];
  else if (!withModifier && !typing) {
    const name = nameOf(event);
    if ((isOn('keys') || name === 'Enter') && !isNative(name, event.target)) run = bound[name];
  }
  if (!run || $('dialog:modal')) return;
  if (run(event) !== false) event.preventDefault();
});

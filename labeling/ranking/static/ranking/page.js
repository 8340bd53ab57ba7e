// The task on the page: where it is, whether it takes keys yet, and what is said about it.

import { $, announce } from '../annotate/core.js';
import { gettext } from '../annotate/words.js';

export const main = () => $('#main');
export const form = () => $('#answer');
export const isPhone = () => matchMedia('(max-width: 760px)').matches;
export const isBusy = () => main().getAttribute('aria-busy') === 'true';
export const isGuarded = () => !('ready' in main().dataset) || isBusy();

export function setBusy(value) {
  if (value) main().setAttribute('aria-busy', 'true');
  else main().removeAttribute('aria-busy');
}

let fading;
export function tell(text, { undo = false, quiet = false, stay = false } = {}) {
  const said = $('#said');
  clearTimeout(fading);
  if (!said) return;
  said.removeAttribute('role');
  said.replaceChildren(text);
  if (undo) {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'more', textContent: gettext('Undo') });
    button.dataset.act = 'undo';
    said.append(' ', button);
  }
  if (isPhone() && !stay) fading = setTimeout(() => said.replaceChildren(), 4000);
  if (!quiet) announce(text);
}


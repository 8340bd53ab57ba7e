// Light or dark: the system's choice until the person makes their own, which this device keeps.

import { announce, store } from './core.js';
import { gettext } from './words.js';

const root = document.documentElement;
const chosen = store.get('theme', null);
if (chosen === 'light' || chosen === 'dark') root.dataset.theme = chosen;

function isDark() {
  if (root.dataset.theme) return root.dataset.theme === 'dark';
  return matchMedia('(prefers-color-scheme: dark)').matches;
}

document.addEventListener('click', (event) => {
  if (!event.target.closest('[data-act=theme]')) return;
  const theme = isDark() ? 'light' : 'dark';
  root.dataset.theme = theme;
  store.set('theme', theme);
  announce(theme === 'dark' ? gettext('Dark theme') : gettext('Light theme'));
});

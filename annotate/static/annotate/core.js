// What every page shares: look-ups, remembered choices, the announcer, dialogs, menus.

import { gettext } from './words.js';

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// Choices of this person on this device; without storage (private mode) pages go on without.
export const store = {
  get(key, fallback) {
    try {
      const value = localStorage.getItem(`annotate.${key}`);
      return value === null ? fallback : JSON.parse(value);
    } catch {
      return fallback;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(`annotate.${key}`, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  },
  drop(key) {
    try {
      localStorage.removeItem(`annotate.${key}`);
    } catch {
      // nothing was kept
    }
  },
  // What is kept under keys that begin so; each entry is written alone, so tabs cannot undo
  // one another's.
  all(start) {
    try {
      const names = Object.keys(localStorage).filter((name) => name.startsWith(`annotate.${start}`));
      return names.map((name) => JSON.parse(localStorage.getItem(name))).filter((value) => value !== null);
    } catch {
      return [];
    }
  },
};

// One polite live region for the whole page; it must exist before its text changes.
let live;
export function announce(text) {
  if (!live) {
    live = document.createElement('div');
    live.className = 'sr';
    live.setAttribute('role', 'status');
    document.body.append(live);
  }
  live.textContent = '';
  requestAnimationFrame(() => { live.textContent = text; });
}

// Opens or closes a dialog; on closing, focus returns to what opened it.
// <dialog data-mode="side"> stays beside the page, all others stand over it.
export function toggle(id, opener) {
  const dialog = document.getElementById(id);
  if (!dialog) return;
  if (dialog.open) {
    dialog.close();
    return;
  }
  const back = opener ?? document.activeElement;
  if (dialog.dataset.mode === 'side') dialog.show();
  else dialog.showModal();
  opener?.setAttribute('aria-expanded', 'true');
  ($('[autofocus]', dialog) ?? $('h2', dialog))?.focus();
  dialog.addEventListener('close', () => {
    opener?.setAttribute('aria-expanded', 'false');
    back?.focus?.();
  }, { once: true });
}

document.addEventListener('click', (event) => {
  $$('details.menu[open]').forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  const opener = event.target.closest('[data-open]');
  if (opener) {
    toggle(opener.dataset.open, opener);
    return;
  }
  event.target.closest('[data-close]')?.closest('dialog')?.close();
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  $$('dialog[data-mode=side][open]').forEach((dialog) => dialog.close());
  $$('details.menu[open]').forEach((menu) => {
    menu.open = false;
    $('summary', menu).focus();
  });
});

// [data-copy="text"] copies; the label says so for a moment, and the announcer says it too.
document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    announce(gettext('Copied'));
    button.dataset.copied = '';
    setTimeout(() => delete button.dataset.copied, 2000);
  } catch {
    announce(gettext('The browser did not allow copying. Select the text and copy it.'));
  }
});

// On phones the navigation scrolls sideways: bring the current place into sight.
const here = $('.nav [aria-current]');
function showPlace() {
  const middle = (box) => box.getBoundingClientRect().left + box.clientWidth / 2;
  here.parentElement.scrollLeft += middle(here) - middle(here.parentElement);
}
if (here) {
  showPlace();
  addEventListener('resize', showPlace);
}

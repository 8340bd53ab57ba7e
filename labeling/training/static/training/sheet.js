// What both screens of training and qualification share: aids, the guide, keys, going on.

import { $, toggle } from '../annotate/core.js';
import { fill, gettext } from '../annotate/words.js';
import { label } from '../ranking/keymap.js';
import { bindKeys } from '../ranking/keys.js';
import { form, main, setBusy, tell } from '../ranking/page.js';
import { closePanels, measurePrompt, openPrompt, panel, resize, restoreSize, source } from '../ranking/panels.js';

const GUARD = 220; // nobody has read anything so soon after a page has come

const openGuide = () => toggle('guide', $('[data-open=guide]'));
const goOn = () => $('#go-on')?.click();

// Sends the answer once, however often the key is pressed.
export function send() {
  if (!form() || main().getAttribute('aria-busy')) return;
  setBusy(true);
  form().submit();
}

function onClick(event, acts) {
  const act = acts[event.target.closest('[data-act]')?.dataset.act];
  if (act) act(event.target.closest('[data-act]'));
  if (event.target.closest('a[data-open], a[data-close]')) event.preventDefault();
  const link = event.target.closest('.read a');
  if (link && !(event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    tell(fill(gettext('Hold Ctrl or ⌘ to open %(address)s in a new tab'), { address: link.href }));
  }
}

export function start({ commit, keys, acts, shown, resized }) {
  const all = { source: () => source(), open: openPrompt, bigger: () => resize(1), smaller: () => resize(-1), ...acts };
  const common = {
    KeyM: () => source(), KeyJ: openGuide, Equal: () => resize(1), Minus: () => resize(-1), KeyN: () => panel('object'),
  };
  const answering = form() ? { Enter: commit, 'Mod+Enter': commit } : { Enter: goOn, 'Mod+Enter': () => $('#object form')?.requestSubmit() };
  bindKeys({ ...common, ...keys, ...answering });
  document.addEventListener('click', (event) => onClick(event, all));
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') closePanels(); });
  document.addEventListener('submit', (event) => {
    if (event.target !== form()) return;
    event.preventDefault();
    commit();
  });
  // The page may come back from the browser's own memory, as it was when it was left.
  addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });
  addEventListener('resize', () => { measurePrompt(); resized?.(); });
  label();
  restoreSize();
  measurePrompt();
  shown();
  setTimeout(() => { main().dataset.ready = ''; }, form() ? GUARD : 0);
  ($('#reference') ?? $('.ask h1')).focus({ preventScroll: true });
}

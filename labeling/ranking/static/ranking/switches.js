// Whether single keys work, and whether buttons show them: known before the first paint, so that nothing moves.

import { store } from '../annotate/core.js';

const on = { keys: store.get('keys', true), caps: store.get('caps', true) };

// A key that does nothing is not shown either.
function show() {
  document.body.classList.toggle('nocaps', !on.keys || !on.caps);
}

export const isOn = (name) => on[name];

export function turn(name, value) {
  on[name] = value;
  store.set(name, value);
  show();
}

show();

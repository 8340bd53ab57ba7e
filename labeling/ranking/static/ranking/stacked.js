// A above B or beside it: what the person chose on this device, in force before the first paint.

import { store } from '../annotate/core.js';

const root = document.documentElement;
root.toggleAttribute('data-stacked', store.get('stacked', false));

export const isStacked = () => root.hasAttribute('data-stacked');

export function setStacked(value) {
  root.toggleAttribute('data-stacked', value);
  store.set('stacked', value);
}

// The person's usual time for one comparison, small in the dock; one click hides it, and it never judges.

import { $, store } from '../annotate/core.js';
import { fill, gettext } from '../annotate/words.js';

const KEPT = 21; // of the latest answers, so that a usual time follows the work
const FEWEST = 5;

const isOn = () => store.get('pace', true);

function usual(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length / 2)] / 1000);
}

export function note(active) {
  store.set('times', [...store.get('times', []), active].slice(-KEPT));
}

export function show() {
  const place = $('#pace');
  const times = store.get('times', []);
  if (!place) return;
  place.hidden = !isOn() || times.length < FEWEST;
  place.textContent = place.hidden ? '' : fill(gettext('%(seconds)s s each'), { seconds: usual(times) });
}

export function turn(value) {
  store.set('pace', value);
  if ($('#pace-on')) $('#pace-on').checked = value;
  show();
}

export function wire() {
  const box = $('#pace-on');
  box.checked = isOn();
  box.addEventListener('change', () => turn(box.checked));
}

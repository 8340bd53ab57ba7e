// When a pause would do good: hourly short ones cost no output (NIOSH, Galinsky et al. 2000, 2007).

import { store } from '../annotate/core.js';
import { fill, ngettext } from '../annotate/words.js';

const MINUTE = 60_000;
const AFTER = 50 * MINUTE;
const PAUSE = 5 * MINUTE;
const NONE = { active: 0, told: 0 };

// Adds the time of one more answer; returns what to say, once each time a pause is due.
export function worked(active, now = Date.now()) {
  const kept = store.get('worked', NONE);
  const since = now - (kept.last ?? now) > PAUSE ? NONE : kept;
  const total = since.active + active;
  const isDue = total - since.told >= AFTER;
  store.set('worked', { active: total, told: isDue ? total : since.told, last: now });
  const minutes = Math.floor(total / MINUTE);
  return isDue ? fill(ngettext(
    '%(minutes)s minute since your last pause. Five minutes off cost no output: press P',
    '%(minutes)s minutes since your last pause. Five minutes off cost no output: press P',
    minutes,
  ), { minutes }) : '';
}

export const rested = () => store.set('worked', NONE);

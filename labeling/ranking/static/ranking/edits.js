// One text as edits of another: what is kept, dropped and put in, word by word.
// A device keeps edits instead of texts, so that nothing of a response lies in its storage.

import { steps } from './lcs.js';

const MOST_CELLS = 4e6;
const TOKEN = /\s+|[\p{L}\p{N}\p{M}]+|./gsu;

// Tokens outside the common start and end; what lies between is compared in full.
function middle(a, b) {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return { start, a: a.slice(start, a.length - end), b: b.slice(start, b.length - end), rest: a.slice(a.length - end) };
}

// [kind, text] of each run: 'same' in both, 'gone' from the original, 'new' in the edited text.
export function compare(original, edited) {
  const [all, made] = [original, edited].map((text) => text.match(TOKEN) ?? []);
  const { start, a, b, rest } = middle(all, made);
  const runs = [];
  const add = ([kind, text]) => {
    if (runs.at(-1)?.[0] === kind) runs.at(-1)[1] += text;
    else if (text) runs.push([kind, text]);
  };
  add(['same', all.slice(0, start).join('')]);
  if (a.length * b.length > MOST_CELLS) [['gone', a.join('')], ['new', b.join('')]].forEach(add);
  else for (const step of steps(a, b)) add(step);
  add(['same', rest.join('')]);
  return runs;
}

const lengthOf = (text) => [...text].length; // in code points, as the server counts

export const editsOf = (original, edited) => compare(original, edited)
  .map(([kind, text]) => ({ same: lengthOf(text), gone: -lengthOf(text), new: text })[kind]);

export function apply(original, edits) {
  const characters = [...original];
  let at = 0;
  let made = '';
  for (const edit of edits) {
    if (typeof edit === 'string') made += edit;
    else {
      if (edit > 0) made += characters.slice(at, at + edit).join('');
      at += Math.abs(edit);
    }
  }
  return made;
}

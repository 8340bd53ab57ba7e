// Marks what one response has and the other lacks, painted without touching the document.
// Close texts: word by word. Others: only what can be checked (numbers, names, code, negations)
// and occurs in one text alone, because a full comparison of unlike texts is noise.

import { steps } from './lcs.js';

const CLOSE = 0.55;
const MOST_CELLS = 6e6;
const NEGATIONS = new Set(['not', 'no', 'never', 'none', 'without', 'cannot', "don't", "doesn't", "isn't", "won't", "can't", "shouldn't"]);
const segmenter = typeof Intl.Segmenter === 'function' ? new Intl.Segmenter(undefined, { granularity: 'word' }) : null;

export const canPaint = typeof CSS !== 'undefined' && Boolean(CSS.highlights);

function pieces(text) {
  if (segmenter) return segmenter.segment(text);
  const found = text.matchAll(/\p{L}[\p{L}\p{M}'’]*|\p{N}[\p{N}.,:]*/gu);
  return [...found].map((match) => ({ segment: match[0], index: match.index, isWordLike: true }));
}

function wordsOf(element) {
  const words = [];
  const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let startsSentence = true;
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const isCode = node.parentElement.closest('code') !== null;
    startsSentence ||= node.parentElement.matches('li, p, td, th, h3, h4');
    for (const { segment, index, isWordLike } of pieces(node.data)) {
      if (!isWordLike) {
        startsSentence ||= /[.!?:]\s*$/.test(segment);
        continue;
      }
      const word = segment.toLocaleLowerCase();
      const isName = !startsSentence && /^\p{Lu}/u.test(segment);
      words.push({ word, node, from: index, to: index + segment.length, checkable: isCode || isName || /\d/.test(word) || NEGATIONS.has(word) });
      startsSentence = false;
    }
  }
  return words;
}

// The words of each list outside their longest common subsequence.
function outside(a, b) {
  const found = { gone: [], new: [], same: [] };
  for (const [kind, word] of steps(a, b, (x, y) => x.word === y.word)) found[kind].push(word);
  return [found.gone, found.new];
}

function ranges(words) {
  const runs = [];
  for (const { node, from, to } of words) {
    const last = runs.at(-1);
    if (last && last.node === node && from - last.to <= 1) last.to = to;
    else runs.push({ node, from, to });
  }
  return runs.map(({ node, from, to }) => {
    const range = new Range();
    range.setStart(node, from);
    range.setEnd(node, to);
    return range;
  });
}

export function differences(elementA, elementB) {
  const [a, b] = [wordsOf(elementA), wordsOf(elementB)];
  const [inA, inB] = [a, b].map((words) => new Set(words.map(({ word }) => word)));
  const shared = [...inA].filter((word) => inB.has(word)).length;
  const isClose = (2 * shared) / (inA.size + inB.size || 1) > CLOSE && a.length * b.length < MOST_CELLS;
  const [onlyA, onlyB] = isClose
    ? outside(a, b)
    : [a.filter((w) => w.checkable && !inB.has(w.word)), b.filter((w) => w.checkable && !inA.has(w.word))];
  return { isClose, a: ranges(onlyA), b: ranges(onlyB) };
}

export function paint(found) {
  if (!canPaint) return;
  CSS.highlights.delete('differs');
  if (found) CSS.highlights.set('differs', new Highlight(...found.a, ...found.b));
}

// Three to nine responses in training and qualification: digits rank, letters choose, as at work.

import { $, $$ } from '../annotate/core.js';
import { fill, gettext, ngettext } from '../annotate/words.js';
import { form, isGuarded, tell } from '../ranking/page.js';
import { send, start } from './sheet.js';

const cards = $$('.card');
const letters = cards.map((card) => card.dataset.c);
let at = 0;

const rankOf = (card) => $('.ranks input:checked', card);
const unranked = () => cards.filter((card) => !rankOf(card));

function choose(index) {
  at = (index + cards.length) % cards.length;
  cards.forEach((card, place) => {
    card.classList.toggle('cur', place === at);
    card.tabIndex = place === at ? 0 : -1;
  });
  cards[at].focus({ preventScroll: true });
  cards[at].scrollIntoView({ block: 'nearest', inline: 'center' });
}

function digit(rank) {
  const input = $$('.ranks input', cards[at])[rank - 1];
  if (!form() || isGuarded() || !input) return;
  input.checked = true;
  const count = unranked().length;
  tell(fill(count
    ? ngettext('%(letter)s is ranked %(rank)s. %(count)s to go', '%(letter)s is ranked %(rank)s. %(count)s to go', count)
    : gettext('%(letter)s is ranked %(rank)s. All ranked: press Enter or Next'), { letter: letters[at], rank, count }));
  const ahead = letters.map((_, step) => (at + step + 1) % cards.length).find((index) => !rankOf(cards[index]));
  if (ahead !== undefined) choose(ahead);
}

function commit() {
  if (isGuarded()) return;
  const rest = unranked();
  if (rest.length) {
    choose(cards.indexOf(rest[0]));
    tell(fill(gettext('Still to rank: %(letters)s'), { letters: rest.map((card) => card.dataset.c).join(', ') }));
  } else send();
}

function grow(card) {
  const isOpen = card.classList.toggle('open');
  const button = $('.more', card);
  button.textContent = isOpen ? gettext('Show less') : gettext('Read all');
  button.setAttribute('aria-expanded', String(isOpen));
  measure();
}

function measure() {
  for (const card of cards) {
    const clip = $('.clip', card);
    const isOver = clip.scrollHeight > clip.clientHeight + 4;
    clip.classList.toggle('over', isOver);
    $('footer', card).hidden = !isOver && !card.classList.contains('open');
    const scrolls = isOver && getComputedStyle(clip).overflowY === 'auto';
    clip.toggleAttribute('tabindex', scrolls);
    if (!scrolls) continue;
    clip.tabIndex = 0;
    clip.setAttribute('role', 'region');
    clip.setAttribute('aria-label', fill(gettext('Response %(letter)s, text'), { letter: card.dataset.c }));
  }
}

const keys = {
  ArrowRight: () => choose(at + 1), ArrowLeft: () => choose(at - 1),
  KeyO: () => grow(cards[at]),
  Digit0: () => {
    const input = form() && rankOf(cards[at]);
    if (input) input.checked = false;
  },
};
for (let rank = 1; rank <= 9; rank++) keys[`Digit${rank}`] = () => digit(rank);
[...'ABCDEFGHI'].forEach((letter, index) => { keys[`Key${letter}`] = () => index < cards.length && choose(index); });

for (const kind of ['focusin', 'pointerdown']) {
  document.addEventListener(kind, (event) => {
    const index = cards.indexOf(event.target.closest?.('.card'));
    if (index >= 0 && index !== at) {
      at = index;
      cards.forEach((card, place) => card.classList.toggle('cur', place === at));
    }
  });
}

start({
  commit,
  keys,
  acts: { grow: (button) => grow(button.closest('.card')) },
  shown: () => {
    cards.forEach((card, place) => { card.tabIndex = place === at ? 0 : -1; card.classList.toggle('cur', place === at && Boolean(form())); });
    measure();
  },
  resized: measure,
});

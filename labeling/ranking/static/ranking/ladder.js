// The ladder in the dock: tokens that are dragged, clicked or moved with the arrow keys.

import { $, $$ } from '../annotate/core.js';
import { fill, gettext } from '../annotate/words.js';

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };
const DRAG_FROM = 6;

function token(letter, rank, isCurrent) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = `tok${rank ? '' : ' un'}${isCurrent ? ' cur' : ''}`;
  button.dataset.c = letter;
  button.textContent = letter;
  const says = rank
    ? gettext('Response %(letter)s, rank %(rank)s. Arrow keys move it')
    : gettext('Response %(letter)s, not ranked. Arrow keys move it');
  button.setAttribute('aria-label', fill(says, { letter, rank }));
  return button;
}

export function draw(letters, ranks, current) {
  if (!$('#ladder')) return;
  const held = document.activeElement?.classList.contains('tok') ? document.activeElement.dataset.c : null;
  const make = (letter) => token(letter, ranks.get(letter), letter === current);
  $$('.rung').forEach((rung) => {
    rung.replaceChildren(...letters.filter((letter) => ranks.get(letter) === Number(rung.dataset.r)).map(make));
  });
  const waiting = letters.filter((letter) => !ranks.has(letter));
  $('#pool').replaceChildren(...waiting.map(make));
  $('#pool').hidden = !waiting.length;
  if (held) $(`.tok[data-c="${held}"]`)?.focus();
}

// moves: place(letter, rank or null), step(letter, by), choose(letter), current()
export function wire(moves) {
  let drag = null;

  document.addEventListener('pointerdown', (event) => {
    const tok = event.target.closest?.('.tok');
    if (tok && !event.button) drag = { tok, letter: tok.dataset.c, x: event.clientX, y: event.clientY };
  });

  function lift() {
    drag.ghost = drag.tok.cloneNode(true);
    drag.ghost.classList.add('ghost');
    drag.ghost.setAttribute('aria-hidden', 'true');
    drag.tok.classList.add('drag');
    document.body.append(drag.ghost);
  }

  addEventListener('pointermove', (event) => {
    if (!drag) return;
    const moved = Math.hypot(event.clientX - drag.x, event.clientY - drag.y);
    if (!drag.ghost && moved < DRAG_FROM) return;
    if (!drag.ghost) lift();
    drag.ghost.style.left = `${event.clientX}px`;
    drag.ghost.style.top = `${event.clientY}px`;
    drag.over = document.elementsFromPoint(event.clientX, event.clientY).find((node) => node.matches('.rung, .pool'));
    $$('.rung').forEach((rung) => rung.classList.toggle('over', rung === drag.over));
  });

  function drop(isMeant) {
    if (!drag) return;
    const { tok, letter, ghost, over } = drag;
    drag = null;
    ghost?.remove();
    tok.classList.remove('drag');
    $$('.rung').forEach((rung) => rung.classList.remove('over'));
    if (ghost && over && isMeant) moves.place(letter, Number(over.dataset.r) || null);
  }

  addEventListener('pointerup', () => drop(true));
  addEventListener('pointercancel', () => drop(false));

  document.addEventListener('click', (event) => {
    const tok = event.target.closest('.tok');
    const rung = event.target.closest('.rung');
    if (tok) moves.choose(tok.dataset.c);
    else if (rung) moves.place(moves.current(), Number(rung.dataset.r));
  });

  // Ahead of the page's shortcuts, which leave alone what is taken here.
  document.addEventListener('keydown', (event) => {
    const tok = event.target.closest?.('.tok');
    const by = STEPS[event.key];
    if (!tok || !by || event.altKey) return;
    event.preventDefault();
    moves.step(tok.dataset.c, by);
  }, true);
}

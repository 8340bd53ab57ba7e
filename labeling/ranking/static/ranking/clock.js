// How long an answer took: active while the page is seen, in focus and used or read. Nobody moves
// the mouse while reading, so a gap counts up to an allowance, and whole for who was still there.

const READING_WORDS_PER_MINUTE = 130;
const MINUTE = 60_000;
const STILL_THERE = 5 * MINUTE;
const LOOK_EVERY = 5_000;

export class Clock {
  // on.still() is told once when nothing has moved for longer than reading takes.
  constructor(on) {
    this.on = on;
    this.stopped = false;
    this.restart(0);
    for (const kind of ['pointermove', 'keydown', 'wheel', 'scroll', 'touchstart']) {
      addEventListener(kind, () => this.touch(), { passive: true, capture: true });
    }
    for (const kind of ['focus', 'blur']) addEventListener(kind, () => this.look());
    document.addEventListener('visibilitychange', () => this.look());
    setInterval(() => this.ask(), LOOK_EVERY);
  }

  restart(words) {
    const now = performance.now();
    Object.assign(this, { start: now, last: now, active: 0, visible: 0, since: now, first: null, asked: false });
    this.allowance = Math.max(MINUTE, (words / READING_WORDS_PER_MINUTE) * MINUTE);
    this.away = this.isAway();
    this.hidden = document.hidden;
  }

  isAway() {
    return this.stopped || document.hidden || !document.hasFocus();
  }

  touch(now = performance.now()) {
    const gap = now - this.last;
    if (!this.away) this.active += gap <= this.allowance + STILL_THERE ? gap : this.allowance;
    if (!this.hidden) this.visible += now - this.since;
    this.first ??= now - this.start;
    this.last = now;
    this.since = now;
    this.asked = false;
  }

  // The page was left or found again: what came before is settled as it was.
  look(now = performance.now()) {
    const { first } = this;
    this.touch(now);
    this.first = first;
    this.away = this.isAway();
    this.hidden = document.hidden;
  }

  pause(value) {
    this.stopped = value;
    this.look();
  }

  ask(now = performance.now()) {
    if (this.away || this.asked || now - this.last <= this.allowance) return;
    this.asked = true;
    this.on.still();
  }

  read() {
    this.touch();
    return {
      active_ms: Math.round(this.active),
      visible_ms: Math.round(this.visible),
      wall_ms: Math.round(performance.now() - this.start),
      first_ms: Math.round(this.first),
    };
  }
}

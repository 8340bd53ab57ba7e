// How long an answer took: nobody moves the mouse while reading, so gaps count up to an allowance.

const READING_WORDS_PER_MINUTE = 130;
const MINUTE = 60_000;

export class Clock {
  constructor() {
    this.restart(0);
    for (const kind of ['pointermove', 'keydown', 'wheel', 'scroll', 'touchstart']) {
      addEventListener(kind, () => this.touch(), { passive: true, capture: true });
    }
    document.addEventListener('visibilitychange', () => this.pause(document.hidden));
  }

  restart(words) {
    const now = performance.now();
    Object.assign(this, { start: now, last: now, active: 0, first: null, paused: document.hidden });
    this.allowance = Math.max(MINUTE, (words / READING_WORDS_PER_MINUTE) * MINUTE);
  }

  touch(now = performance.now()) {
    if (!this.paused) this.active += Math.min(now - this.last, this.allowance);
    this.first ??= now - this.start;
    this.last = now;
  }

  pause(value) {
    if (value) this.touch();
    this.paused = value;
    this.last = performance.now();
  }

  read() {
    this.touch();
    return {
      active_ms: Math.round(this.active),
      wall_ms: Math.round(performance.now() - this.start),
      first_ms: Math.round(this.first),
    };
  }
}

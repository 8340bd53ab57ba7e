// Answers wait here, on this device, until the server has said that they are saved.
// Nothing of the prompt or the responses is kept, only what the person answered.

import { store } from '../annotate/core.js';
import { fill, gettext } from '../annotate/words.js';

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
const SEND_LIMIT = 20_000;
const LEFT_BEHIND = 5_000; // for so long another tab is left to send its own

export function cookie(name) {
  const found = document.cookie.split('; ').find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : '';
}

export const newKey = () => crypto.randomUUID?.()
  ?? [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

// Throws what a later try may mend; returns what is final: saved or refused.
async function send(record, ready) {
  const response = await fetch(record.url, {
    method: 'POST',
    body: new URLSearchParams(record.fields),
    headers: { 'X-Fragment': '1', 'X-Ready': ready, 'Idempotency-Key': record.key, 'X-CSRFToken': cookie('csrftoken') },
    signal: AbortSignal.timeout(SEND_LIMIT),
  });
  if (response.ok && response.headers.has('X-Saved')) return { saved: true, html: await response.text() };
  if (response.ok || response.status === 401 || response.status === 403) throw new Error('signin');
  if (response.status >= 500 || response.status === 408 || response.status === 429) throw new Error('server');
  const json = response.headers.get('Content-Type')?.includes('json');
  const error = json ? (await response.json()).error : {
    code: 'refused',
    message: fill(gettext('The server refused this answer (%(status)s).'), { status: response.status }),
  };
  if (error.code === 'request_in_flight') throw new Error('server');
  return { saved: false, error };
}

export class Outbox {
  // on.state(name, count) is told what to show; on.done(record, result) gets each final result;
  // on.ready(record) names the comparisons that the answer to this record need not bring.
  constructor(person, on) {
    Object.assign(this, { name: `outbox.${person}.`, on, unstored: [], running: null, refused: null, wait: FIRST_WAIT, timer: 0, state: 'saved' });
    addEventListener('online', () => this.flush());
    addEventListener('offline', () => this.tell());
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.flush(); });
    addEventListener('storage', ({ key }) => { if (key?.startsWith(`annotate.${this.name}`)) this.hear(); });
  }

  // Another tab may write too, so what waits is read afresh each time, in the order it was given.
  get records() {
    return [...store.all(this.name), ...this.unstored].sort((a, b) => a.at - b.at);
  }

  keep(record) {
    const kept = { ...record, at: performance.timeOrigin + performance.now() };
    if (!store.set(this.name + record.key, kept)) this.unstored.push(kept);
    this.wait = FIRST_WAIT;
  }

  drop(key) {
    store.drop(this.name + key);
    this.unstored = this.unstored.filter((record) => record.key !== key);
  }

  tell(state = this.state) {
    this.state = state;
    const count = this.records.length;
    const waits = state === 'saved' ? 'saving' : state; // nothing is called saved beside what waits
    if (!count) this.on.state(this.refused ? 'refused' : 'saved', 0);
    else this.on.state(navigator.onLine ? waits : 'offline', count);
  }

  // Another tab has kept or sent an answer. What it leaves behind is sent from here.
  hear() {
    this.tell();
    if (this.running || this.state !== 'saved' || !this.records.length) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), LEFT_BEHIND);
  }

  // A refused answer is not saved: this says so until its person has been told.
  settle(key) {
    if (this.refused === key) this.refused = null;
    this.tell();
  }

  // Settles when all is sent, or when this try has failed.
  flush() {
    clearTimeout(this.timer);
    this.running ??= this.run().finally(() => { this.running = null; });
    return this.running;
  }

  async run() {
    try {
      for (let record = this.records[0]; record; record = this.records[0]) {
        if (this.state === 'saved') this.state = 'saving';
        this.tell();
        const result = await send(record, this.on.ready(record).join());
        this.drop(record.key);
        this.wait = FIRST_WAIT;
        this.state = 'saved';
        if (!result.saved) this.refused = record.key;
        this.tell();
        this.on.done(record, result);
      }
    } catch (error) {
      this.later(error);
    }
  }

  later(error) {
    this.tell({ signin: 'signin', server: 'retry' }[error.message] ?? 'offline');
    this.timer = setTimeout(() => this.flush(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }
}

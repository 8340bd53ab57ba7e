// The comparisons this page holds: kept while it is looked at, given back when it goes.

import { cookie } from './outbox.js';

const BEAT = 60_000;
const FIRST_BEAT = 10_000; // a page that was reloaded gave back what it holds again
const GIVEN_BACK_IN = 30; // seconds, so that a reload finds the same comparison

function post(url, body, keepalive = false) {
  return fetch(url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', 'X-CSRFToken': cookie('csrftoken') },
    keepalive,
  });
}

export class Leases {
  // on.urls() tells where to send; on.lost(ids) is told which are over; on.begun() names the one
  // that has a draft: it waits for the person until it runs out.
  constructor(on) {
    Object.assign(this, { on, tokens: new Map() });
    setTimeout(() => this.beat(), FIRST_BEAT);
    setInterval(() => this.beat(), BEAT);
    document.addEventListener('visibilitychange', () => this.beat());
    addEventListener('pagehide', () => this.giveBack());
    addEventListener('pageshow', (event) => { if (event.persisted) this.beat(); });
  }

  keep(id, token) {
    if (id && token) this.tokens.set(id, token);
  }

  drop(id) {
    this.tokens.delete(id);
  }

  async beat() {
    if (document.hidden || !this.tokens.size) return;
    const asked = new Map(this.tokens);
    try {
      const response = await post(this.on.urls().heartbeat, { tokens: [...asked.values()] });
      if (!response.ok) return;
      const { lost } = await response.json();
      const ids = [...asked].filter(([id, token]) => lost.includes(token) && this.tokens.get(id) === token).map(([id]) => id);
      ids.forEach((id) => this.drop(id));
      if (ids.length) this.on.lost(ids);
    } catch {
      // Offline: the next beat tells.
    }
  }

  giveBack() {
    const left = [...this.tokens].filter(([id]) => id !== this.on.begun());
    if (!left.length) return;
    const leases = left.map(([id, token]) => ({ id: Number(id), token }));
    post(this.on.urls().release, { leases, in_seconds: GIVEN_BACK_IN }, true).catch(() => {});
  }
}

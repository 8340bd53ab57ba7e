// What is typed into a sheet, kept on this device until it is saved: choices and note, no texts.

import { store } from '../annotate/core.js';
import * as ideal from './ideal.js';

const MOST = 20;
const KEPT = /^(scale|note|ideal_of|reason|flag|acceptable_to|criterion-\d+|rank-[A-I])$/;
const all = (person) => store.get(`drafts.${person}`, []);

export function keepDraft(person, assignment, form) {
  const fields = [...[...new FormData(form)].filter(([name, value]) => KEPT.test(name) && value), ...ideal.drafted()];
  const others = all(person).filter((draft) => draft.assignment !== assignment);
  store.set(`drafts.${person}`, [...others, { assignment, fields }].slice(-MOST));
}

export function dropDraft(person, assignment) {
  store.set(`drafts.${person}`, all(person).filter((draft) => draft.assignment !== assignment));
}

export function restoreDraft(person, assignment, form) {
  const draft = all(person).find((entry) => entry.assignment === assignment);
  ideal.restore(draft?.fields ?? []);
  for (const [name, value] of draft?.fields ?? []) {
    if (!KEPT.test(name)) continue;
    for (const control of form.elements) {
      if (control.name !== name) continue;
      if (control.type === 'radio' || control.type === 'checkbox') control.checked ||= control.value === value;
      else control.value = value;
    }
  }
  return Boolean(draft?.fields.length);
}

export const hasDraft = (person, assignment) => all(person).some((draft) => draft.assignment === assignment && draft.fields.length);

// At sign-out nothing of a person stays on the device, apart from how they set the pages up: theme,
// text size, keys and the like.
export function wipe() {
  for (const key of Object.keys(localStorage)) {
    if (/^annotate\.((outbox|drafts)\.|(worked|times)$)/.test(key)) localStorage.removeItem(key);
  }
}

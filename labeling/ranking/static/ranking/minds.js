// Changes of mind: how often a choice that stood was replaced or taken away before it was sent.

const CHOICE = /^(scale|acceptable_to|criterion-\d+|rank-[A-I])$/;
let stood = new Map();
let count = 0;

const choices = (form) => new Map([...new FormData(form)].filter(([name]) => CHOICE.test(name)));

export function begin(form) {
  stood = choices(form);
  count = 0;
}

export function look(form) {
  const now = choices(form);
  for (const [name, value] of stood) if (now.get(name) !== value) count++;
  stood = now;
}

export const changes = () => count;

// Says how many pairs an export would hold, while its form is filled in.

const form = document.querySelector('form[data-preview]');
const said = document.getElementById('preview');
const PAUSE = 300;
let wait;
let newest = 0;

async function count() {
  const turn = ++newest;
  const query = new URLSearchParams(new FormData(form));
  query.delete('csrfmiddlewaretoken');
  try {
    const response = await fetch(`${form.dataset.preview}?${query}`, { credentials: 'same-origin' });
    if (response.ok && turn === newest) said.innerHTML = await response.text();
  } catch {
    // offline: the count as it was
  }
}

form?.addEventListener('input', () => {
  clearTimeout(wait);
  wait = setTimeout(count, PAUSE);
});

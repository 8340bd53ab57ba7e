// Keeps the books in the browser, for all tabs: which answers were given, which are known to be
// stored or refused, and each time the page says Saved while one of them is neither.
window.books = (name) => Object.keys(localStorage)
  .filter((entry) => entry.startsWith(`test.${name}.`)).map((entry) => entry.slice(`test.${name}.`.length));

(() => {
  const put = Storage.prototype.setItem;
  const note = (name, what) => put.call(localStorage, `test.${name}.${what}`, '');
  Storage.prototype.setItem = function setItem(name, value) {
    put.call(this, name, value);
    if (name.startsWith('annotate.outbox.')) note('given', JSON.parse(value).key);
  };

  const ask = window.fetch;
  window.fetch = async (url, options = {}) => {
    const answer = await ask(url, options);
    const key = options.headers?.['Idempotency-Key'];
    if (key && answer.headers.has('X-Saved')) note('stored', key);
    else if (key && [400, 409, 422].includes(answer.status)) {
      const { error } = await answer.clone().json();
      if (error.code !== 'request_in_flight') note('refused', `${key} ${error.code}`);
    }
    return answer;
  };

  // At once and not by the clock: a moment later another tab may have been given an answer.
  new MutationObserver((found) => {
    const save = document.querySelector('#save');
    if (save?.textContent.trim() !== 'Saved' || !found.some(({ target }) => save.contains(target))) return;
    const known = new Set([...window.books('stored'), ...window.books('refused').map((entry) => entry.split(' ')[0])]);
    const open = window.books('given').filter((key) => !known.has(key));
    if (open.length) note('early', open.join());
  }).observe(document, { childList: true, characterData: true, subtree: true });
})();

// Shows that a file held over the page's file field would be taken.

const field = document.querySelector('input.drop[type=file]');

if (field) {
  const mark = (over) => field.toggleAttribute('data-over', over);
  field.addEventListener('dragenter', () => mark(true));
  field.addEventListener('dragleave', () => mark(false));
  field.addEventListener('drop', () => mark(false));
  // A file dropped beside the field would replace the page.
  for (const type of ['dragover', 'drop']) {
    window.addEventListener(type, (event) => {
      if (event.target !== field) event.preventDefault();
    });
  }
}

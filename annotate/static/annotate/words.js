// What scripts say, in the language of the page. The English stands in the code; for another language
// words/ holds a catalogue (made by `make messages`), and without one the English stays.

const { lang } = document.documentElement;
const said = lang === 'en' ? {} : await import(`./words/${lang}.js`).catch(() => ({}));

export const gettext = said.gettext ?? ((text) => text);
export const ngettext = said.ngettext ?? ((one, many, count) => (count === 1 ? one : many));

// Puts values in the places that a text names: fill('%(count)s kept', { count: 2 }).
export const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (place, name) => values[name] ?? place);

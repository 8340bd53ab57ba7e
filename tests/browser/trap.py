"""What hostile text would do if it could: provoked, heard, and seen on the wire."""

from typing import Any

import pytest
from django.forms.renderers import get_default_renderer
from django.template import engines
from playwright.sync_api import Dialog, Page, Request

# Refused inside the browser: by our policy, or by its own rule for SVG from elsewhere.
STOPPED = ("csp", "origin")
# Does what readers do: moves over everything, and follows whatever leads to script.
PROVOKE = """
() => {
  const all = [...document.querySelectorAll('*')];
  for (const kind of ['mouseover', 'mouseenter', 'focus', 'toggle', 'error', 'load']) {
    for (const element of all) element.dispatchEvent(new Event(kind));
  }
  const scripted = (address) => URL.parse(address, location.href)?.protocol === 'javascript:';
  for (const element of all) {
    const address = element.href?.baseVal ?? element.href ?? element.getAttribute('formaction');
    // One that bubbles would also follow an ordinary link around it.
    if (scripted(address)) element.dispatchEvent(new MouseEvent('click', { bubbles: false }));
    if (element.localName === 'form' && scripted(element.getAttribute('action'))) {
      HTMLFormElement.prototype.requestSubmit.call(element);
    }
  }
  return new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });
}
"""
TELL = "Object.defineProperty(window, '__pwned', { set: () => tellExecuted('executed') });"


class Trap:
    """Listens to a page of ``home``; ``found`` is what hostile text has brought about there."""

    def __init__(self, page: Page, home: str) -> None:
        self.page, self.home, self.found = page, home, list[str]()
        page.expose_function("tellExecuted", lambda what: self.found.append(what))
        page.add_init_script(TELL)
        page.on("dialog", self._hear_dialog)
        page.on("requestfinished", self._see_request)
        page.on("requestfailed", self._see_request)
        page.context.on("page", lambda opened: self.found.append(f"window: {opened.url}"))

    def provoke(self) -> None:
        """Give hostile text every occasion that a reader would give it."""
        self.page.evaluate(PROVOKE)

    def _hear_dialog(self, dialog: Dialog) -> None:
        self.found.append(dialog.message)
        dialog.dismiss()

    def _see_request(self, request: Request) -> None:
        is_home = request.url.startswith((self.home, "data:", "blob:"))
        if not is_home and request.failure not in STOPPED:
            self.found.append(request.url)


def escape_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Switch off all that stands between a text and a page: renderer, labels, escaping."""

    def same(text: str) -> str:
        return text

    monkeypatch.setattr("labeling.ranking.rendered.render", same)
    monkeypatch.setattr("labeling.ranking.services.rendering.render", same)
    monkeypatch.setattr("labeling.ranking.web.sheet.marked", same)
    pages: Any = engines["django"]
    forms: Any = get_default_renderer()
    for backend in (pages, forms.engine):
        monkeypatch.setattr(backend.engine, "autoescape", False)

"""Every state of the page of pairs that a person brings about, and how they do."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

PAIR = {
    "criteria": ["helpful", "honest", "harmless"],
    "reason_tags": ["factual error", "too long"],
    "ideal": "optional",
}
STATES: dict[str, Callable[[Page], Any]] = {
    "as it opens": lambda page: None,
    "chosen": lambda page: page.keyboard.press("Digit2"),
    "skip": lambda page: page.keyboard.press("KeyK"),
    "report": lambda page: page.keyboard.press("KeyR"),
    "note": lambda page: page.keyboard.press("KeyN"),
    "guide": lambda page: page.keyboard.press("KeyJ"),
    "source": lambda page: page.keyboard.press("KeyM"),
    "differences": lambda page: page.keyboard.press("KeyV"),
    "stacked": lambda page: page.click("[data-act=stack]"),
    "paused": lambda page: page.keyboard.press("KeyP"),
}


def edit_ideal(page: Page) -> None:
    page.keyboard.press("KeyY")
    page.get_by_label("Start from response A").check()
    page.locator("#ideal-t").fill("As it should be.")
    expect(page.locator("#ideal-d")).to_be_visible()


def change_keys(page: Page) -> None:
    page.keyboard.press("?")
    page.get_by_role("button", name="Change keys").click()


def go_offline(page: Page) -> None:
    page.context.set_offline(True)
    for key in ("Digit1", "KeyQ", "KeyA", "KeyZ"):
        page.keyboard.press(key)
    expect(page.locator("#save")).to_contain_text("Offline")


STATES |= {"ideal": edit_ideal, "keys": change_keys, "offline": go_offline}

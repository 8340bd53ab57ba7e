"""The page on which two responses are compared."""

from playwright.sync_api import expect

from labeling.campaigns.queries import membership_of
from labeling.campaigns.services import accept_warning, mark_read, publish_guideline
from tests.browser.sheets import (
    answer_stopped,
    expect_said,
    expect_saved,
    open_rank,
    open_stopped,
    press,
)
from tests.browser.states import PAIR, STATES
from tests.screens.screen import Place, Visit
from tests.screens.world import CLOSE, GUIDE, WARNING, stocked

PLACE = Place("rank", "compare", "Comparing two responses")
WORDS = {
    "chosen": "A choice is kept until every criterion is judged",
    "skip": "Why skip?",
    "report": "What is wrong?",
    "note": "Reasons to tick, and a note",
    "guide": "The judging guide beside the task",
    "source": "The source: exactly what was written",
    "stacked": "Stacked: A above B, by choice, where the window is wide",
    "paused": "Paused: the clock stands still",
    "ideal": "The ideal response, with what was changed",
    "keys": "Every key can be changed",
    "offline": "Offline: the answer is kept on the device",
}


@PLACE.state("fresh", "As it opens: the overall choice only, one key for each")
def fresh(visit: Visit) -> None:
    campaign, user = stocked()
    open_rank(visit(user), campaign)


@PLACE.state("criteria", "With criteria, reasons and an ideal response asked for")
def criteria(visit: Visit) -> None:
    campaign, user = stocked(**PAIR)
    open_rank(visit(user), campaign)


@PLACE.state("criteria-judged", "One criterion judged")
def criteria_judged(visit: Visit) -> None:
    campaign, user = stocked(**PAIR)
    page = visit(user)
    open_rank(page, campaign)
    for key in ("KeyQ", "KeyX", "Digit3"):
        page.keyboard.press(key)


def _by_key(state: str) -> None:
    @PLACE.state(state, WORDS[state])
    def show(visit: Visit) -> None:
        campaign, user = stocked(**PAIR)
        page = visit(user)
        open_rank(page, campaign)
        STATES[state](page)


for _state in WORDS:
    _by_key(_state)


@PLACE.state("shortcuts", "The keys of this page")
def shortcuts(visit: Visit) -> None:
    campaign, user = stocked(**PAIR)
    page = visit(user)
    open_rank(page, campaign)
    page.keyboard.press("?")


@PLACE.state("differences", "What one response has and the other lacks")
def differences(visit: Visit) -> None:
    campaign, user = stocked(CLOSE)
    page = visit(user)
    open_rank(page, campaign)
    press(page, "KeyV")


@PLACE.state("conversation", "Earlier turns of a conversation, opened")
def conversation(visit: Visit) -> None:
    campaign, user = stocked("demo-020")
    page = visit(user)
    open_rank(page, campaign)
    page.click(".hist summary")


@PLACE.state("long", "Long responses scroll for themselves; the dock stays")
def long(visit: Visit) -> None:
    campaign, user = stocked("demo-046")
    open_rank(visit(user), campaign)


@PLACE.state("right-to-left", "Responses in Arabic")
def right_to_left(visit: Visit) -> None:
    campaign, user = stocked("demo-024")
    open_rank(visit(user), campaign)


@PLACE.state("code", "Code, which scrolls for itself")
def code(visit: Visit) -> None:
    campaign, user = stocked("demo-009")
    open_rank(visit(user), campaign)


@PLACE.state("mathematics", "Formulas are drawn, without script")
def mathematics(visit: Visit) -> None:
    campaign, user = stocked("demo-013")
    open_rank(visit(user), campaign)


@PLACE.state("saved", "The next one is there; the last answer is named and can be undone")
def saved(visit: Visit) -> None:
    campaign, user = stocked()
    page = visit(user)
    open_rank(page, campaign)
    press(page, "Digit2")


@PLACE.state("undone", "The last answer, taken back", route="rank-answer")
def undone(visit: Visit) -> None:
    campaign, user = stocked()
    page = visit(user)
    open_rank(page, campaign)
    press(page, "Digit2")
    page.keyboard.press("KeyU")
    expect_said(page, "Taken back. Change it, or save it again.")


@PLACE.state("reason-required", "A reason is asked for before the answer goes")
def reason_required(visit: Visit) -> None:
    campaign, user = stocked(rationale="required", rationale_min=20)
    page = visit(user)
    open_rank(page, campaign)
    page.keyboard.press("Digit1")
    page.keyboard.type("B repeats")


@PLACE.state("guide-changed", "A new version of the guide opens once, with what changed")
def guide_changed(visit: Visit) -> None:
    campaign, user = stocked()
    mark_read(membership=membership_of(user, campaign.pk), version=1)
    text = GUIDE.replace("## ", "## Always: ", 1) + "\n\nAn answer that stops midway is not good.\n"
    publish_guideline(campaign=campaign, text=text, by=campaign.created_by)
    page = visit(user)
    open_rank(page, campaign)
    expect(page.locator("#guide .changes")).to_be_visible()


@PLACE.state("refused", "An answer that the server does not take comes back")
def refused(visit: Visit) -> None:
    campaign, user = stocked()
    page = visit(user)
    open_rank(page, campaign)
    page.evaluate("document.querySelector('[name=token]').value = 'x'")
    page.keyboard.press("Digit3")
    expect_said(page, "This page is damaged. Load it again.")


@PLACE.state("signed-out", "The session is over: the answer waits for the sign-in")
def signed_out(visit: Visit) -> None:
    campaign, user = stocked()
    page = visit(user)
    open_rank(page, campaign)
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()
    page.keyboard.press("Digit1")
    expect(page.locator("#said a")).to_have_text("Sign in")


@PLACE.state("still-reading", "Longer than reading takes")
def still_reading(visit: Visit) -> None:
    campaign, user = stocked("demo-044")
    page = visit(user)
    page.clock.install()
    open_stopped(page, campaign.pk)
    page.clock.run_for(70_000)
    expect_said(page, "Still reading?")


@PLACE.state("break", "A pause is suggested after fifty minutes of work")
def pause_suggested(visit: Visit) -> None:
    campaign, user = stocked()
    page = visit(user)
    page.add_init_script(
        "localStorage.setItem('annotate.worked', JSON.stringify({active: 49.99 * 60000, told: 0,"
        " last: Date.now()}))"
    )
    page.clock.install()
    open_stopped(page, campaign.pk)
    page.clock.run_for(30_000)
    answer_stopped(page, "Digit1")
    page.clock.run_for(1_000)
    expect_saved(page)
    expect(page.locator("#said")).to_contain_text("since your last pause")


@PLACE.state("veiled", "Texts that are hard to bear stay veiled until they are opened")
def veiled(visit: Visit) -> None:
    campaign, user = stocked(content_warning=WARNING)
    accept_warning(membership=membership_of(user, campaign.pk))
    open_rank(visit(user), campaign)


@PLACE.state("without-script", "Without script: a form that is sent")
def without_script(visit: Visit) -> None:
    campaign, user = stocked()
    visit(user, java_script_enabled=False).goto(f"/campaigns/{campaign.pk}/rank/")

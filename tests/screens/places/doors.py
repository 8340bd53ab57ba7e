"""The pages around the work: signing in, links, passwords, tokens, the API, refusals."""

from datetime import timedelta

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.hashers import make_password
from django.db import connection

from labeling.access import Scope
from labeling.accounts.enums import LinkPurpose
from labeling.accounts.services.links import give_link
from labeling.accounts.services.tokens import LONGEST_LIFE, make_token, revoke_token
from labeling.accounts.tries import MOST_TRIES
from labeling.campaigns.enums import Role
from labeling.campaigns.models import Campaign
from labeling.campaigns.services import add_member
from labeling.clock import database_now
from labeling.prompts.models import Prompt
from tests.factories import PASSWORD, make_operator
from tests.screens.screen import Place, Visit
from tests.screens.world import found, member, person, stocked

DOOR = Place("account_login", "sign-in", "Signing in")
LINKS = Place("link", "links", "Single-use links")
PASSWORDS = Place("account_reset_password", "passwords", "Passwords")
TOKENS = Place("tokens", "tokens", "API tokens")
REFERENCE = Place("api-reference", "api", "The REST API and the operators' pages")
REFUSALS = Place("", "refusals", "When something cannot be done")


@DOOR.state("fresh", "Signing in")
def door(visit: Visit) -> None:
    visit().goto("/account/sign-in/")


@DOOR.state("refused", "Why it is refused")
def door_refused(visit: Visit) -> None:
    page = visit()
    page.goto("/account/sign-in/")
    page.fill("[name=login]", "annotator@annotate.localhost")
    page.fill("[name=password]", "something else")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")


@DOOR.state("signed-out", "Signed out")
def door_signed_out(visit: Visit) -> None:
    page = visit(person("annotator"))
    page.goto("/account/sign-out/")
    page.click("main button[type=submit]")
    page.wait_for_url("**/sign-in/")


@DOOR.state("sign-out", "Before signing out", route="account_logout")
def door_sign_out(visit: Visit) -> None:
    visit(person("annotator")).goto("/account/sign-out/")


@DOOR.state("again", "Once more, before something that matters", route="account_reauthenticate")
def door_again(visit: Visit) -> None:
    visit(person("annotator")).goto("/account/reauthenticate/")


@DOOR.state("inactive", "An account that is closed", route="account_inactive")
def door_inactive(visit: Visit) -> None:
    visit().goto("/account/inactive/")


@DOOR.state("menu", "The menu of the person", route="home")
def door_menu(visit: Visit) -> None:
    page = visit(person("annotator"))
    page.goto("/")
    page.click("details.menu summary")


def _sign_in_link() -> str:
    given = give_link(
        user=person("newcomer"), purpose=LinkPurpose.SIGN_IN, created_by=None, now=database_now()
    )
    return f"/links/{given}/"


def _invitation() -> str:
    campaign, now = found(), database_now()
    added = add_member(
        campaign=campaign,
        email="newcomer@annotate.localhost",
        role=Role.ANNOTATOR,
        by=campaign.created_by,
        now=now,
    )
    return f"/links/{added.link}/"


@LINKS.state("invitation", "An invitation makes the account")
def link_invitation(visit: Visit) -> None:
    visit().goto(_invitation())


@LINKS.state("invitation-refused", "What is not good enough is named")
def link_refused(visit: Visit) -> None:
    page = visit()
    page.goto(_invitation())
    page.get_by_label("Your name").fill("newcomer")
    for field in page.locator("input[type=password]").all():
        field.fill("12345")
    page.keyboard.press("Enter")
    page.wait_for_selector("[aria-invalid=true]")


@LINKS.state("sign-in", "A link that signs in")
def link_sign_in(visit: Visit) -> None:
    visit().goto(_sign_in_link())


@LINKS.state("other", "Opened by somebody who is signed in as another person")
def link_other(visit: Visit) -> None:
    visit(person("annotator")).goto(_sign_in_link())


@LINKS.state("used", "A link that was used, or has expired")
def link_used(visit: Visit) -> None:
    path = _sign_in_link()
    page = visit()
    page.goto(path)
    page.click("button[type=submit]")
    visit().goto(path)


@PASSWORDS.state("reset", "Asking for a new one")
def password_reset(visit: Visit) -> None:
    visit().goto("/account/password/reset/")


@PASSWORDS.state("sent", "The mail is on its way", route="account_reset_password_done")
def password_sent(visit: Visit) -> None:
    visit().goto("/account/password/reset/done/")


@PASSWORDS.state("choose", "Choosing it", route="account_reset_password_from_key")
def password_choose(visit: Visit) -> None:
    user = person("annotator")
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    visit().goto(f"/account/password/reset/key/{key}/")


@PASSWORDS.state("used", "A key that was used", route="account_reset_password_from_key")
def password_used(visit: Visit) -> None:
    visit().goto("/account/password/reset/key/1-used/")


@PASSWORDS.state("chosen", "It is changed", route="account_reset_password_from_key_done")
def password_chosen(visit: Visit) -> None:
    visit().goto("/account/password/reset/key/done/")


@PASSWORDS.state("change", "Changing it", route="account_change_password")
def password_change(visit: Visit) -> None:
    visit(person("annotator")).goto("/account/password/change/")


@PASSWORDS.state("set", "The first one, after a link", route="account_set_password")
def password_set(visit: Visit) -> None:
    user = person("annotator")
    user.password = make_password(None)
    user.save()
    visit(user).goto("/account/password/set/")


@TOKENS.state("empty", "None yet")
def tokens_empty(visit: Visit) -> None:
    visit(person("manager")).goto("/account/tokens/")


@TOKENS.state("list", "Live and revoked ones")
def tokens_list(visit: Visit) -> None:
    user, now = person("manager"), database_now()
    for name, scopes in (
        ("nightly export", [Scope.EXPORT_READ]),
        ("import", [Scope.PROMPTS_WRITE, Scope.PROMPTS_READ, Scope.CAMPAIGNS_READ]),
    ):
        token, _ = make_token(
            user=user, name=name, scopes=scopes, expires_at=now + LONGEST_LIFE, now=now
        )
        type(token).objects.filter(pk=token.pk).update(prefix="ann_xxxxxx")
    revoke_token(token=token, by=user, now=now + timedelta(seconds=1))
    visit(user).goto("/account/tokens/")


@TOKENS.state("made", "A new token, shown once")
def tokens_made(visit: Visit) -> None:
    page = visit(person("manager"))
    page.goto("/account/tokens/")
    page.get_by_label("Name").fill("nightly export")
    page.locator("input[type=checkbox]").first.check()
    page.get_by_role("button", name="Make the token").click()
    page.wait_for_selector(".secret")


@REFERENCE.state("reference", "The reference")
def reference(visit: Visit) -> None:
    visit().goto("/api/")


@REFERENCE.state("operators", "The operators' pages", route="")
def operators(visit: Visit) -> None:
    visit(make_operator()).goto("/operators/")


@REFUSALS.state("403", "Not theirs to do")
def refused_403(visit: Visit) -> None:
    campaign = found()
    visit(member(campaign)).goto(f"/campaigns/{campaign.pk}/members/")


@REFUSALS.state("404", "Not there, or not theirs to see")
def refused_404(visit: Visit) -> None:
    visit(person("annotator")).goto("/campaigns/7/")


@REFUSALS.state("404-signed-out", "Not there, for somebody who is not signed in")
def refused_404_signed_out(visit: Visit) -> None:
    visit().goto("/nowhere/")


@REFUSALS.state("form-expired", "A form that was open too long")
def refused_form(visit: Visit) -> None:
    page = visit()
    page.goto("/account/sign-in/")
    page.context.clear_cookies()
    page.fill("[name=login]", "annotator@annotate.localhost")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=expired")


@REFUSALS.state("500", "Something broke on our side")
def broke(visit: Visit) -> None:
    campaign, user = stocked()
    Prompt.objects.update(messages=7)
    visit(user).goto(f"/campaigns/{campaign.pk}/rank/")


@REFUSALS.state("503", "The database does not answer")
def away(visit: Visit) -> None:
    campaign, user = stocked()
    page = visit(user)
    with connection.cursor() as cursor:  # the next state begins with the whole database again
        cursor.execute(f"ALTER TABLE {Campaign._meta.db_table} RENAME TO away")
    page.goto(f"/campaigns/{campaign.pk}/")


# Last: the server counts tries by network address, and this one has then had its share.
@REFUSALS.state("429", "Too many tries")
def too_many(visit: Visit) -> None:
    page = visit()
    for _ in range(MOST_TRIES + 1):
        page.goto("/links/no-such-link/")

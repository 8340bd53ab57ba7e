"""The campaign pages: what each role sees, forms that keep what was typed."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from labeling.accounts.models import User
from labeling.accounts.queries import link_for
from labeling.campaigns.models import Campaign, Guideline, Membership
from labeling.clock import database_now
from tests.factories import Cast, add_person, make_campaign, make_operator, make_user, signed_in
from tests.stock import claim, judge, stock

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Typed name",
    "description": "Typed description",
    "candidates_per_comparison": "2",
    "overlap": "3",
    "lease_minutes": "45",
    "tie_allowed": "on",
    "rationale": "required",
    "rationale_min": "20",
    "reason_tags": "false, too long ",
    "ideal": "optional",
    "ready_criteria": ["helpful", "honest"],
    "own_criteria": "Kind, clear ",
}


def page_of(campaign: Campaign, *parts: object) -> str:
    return "/campaigns/" + "/".join(str(part) for part in (campaign.pk, *parts)) + "/"


def text_of(response: Any) -> str:
    text: str = response.content.decode()
    return text


def test_home_shows_annotators_where_to_start(cast: Cast) -> None:
    text = text_of(signed_in(cast.annotator).get("/"))

    assert f"{cast.campaign.name}</h3>" in text
    assert f'href="/campaigns/{cast.campaign.pk}/rank/"' in text
    assert "New campaign" not in text
    assert cast.foreign.name not in text


def test_home_lists_what_a_manager_runs(cast: Cast) -> None:
    text = text_of(signed_in(cast.manager).get("/"))

    assert f'<a href="/campaigns/{cast.campaign.pk}/">{cast.campaign.name}</a>' in text
    assert 'href="/campaigns/new/"' in text


def test_home_shows_a_manager_how_far_each_campaign_is(cast: Cast) -> None:
    stock(cast.campaign, 2)
    judge(cast.campaign, cast.annotator, claim(cast.campaign, cast.annotator))

    text = text_of(signed_in(cast.manager).get("/"))

    wanted = 2 * cast.campaign.overlap
    assert f'value="1" max="{wanted}" aria-label="Judgments"' in text


def test_overview_leads_an_annotator_to_ranking_alone(cast: Cast) -> None:
    text = text_of(signed_in(cast.annotator).get(page_of(cast.campaign)))

    ranking = f'class="btn primary" href="/campaigns/{cast.campaign.pk}/rank/">Start ranking<'
    assert (text.count("btn primary"), ranking in text) == (1, True)
    assert "data-standing" not in text


@pytest.mark.parametrize(
    ("is_operator", "says"), [(True, "No campaign yet"), (False, "Nothing for you yet")]
)
def test_home_of_a_newcomer_says_what_comes_next(is_operator: bool, says: str) -> None:
    person = make_operator() if is_operator else make_user()

    assert says in text_of(signed_in(person).get("/"))


def test_home_of_a_newcomer_names_the_address_to_give_to_a_manager() -> None:
    person = make_user("newcomer@annotate.localhost")

    assert "add newcomer@annotate.localhost." in text_of(signed_in(person).get("/"))


def test_home_costs_the_same_for_one_and_for_three(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cast.manager)

    for more in (0, 2):
        for _ in range(more):
            make_campaign(cast.manager)
        with django_assert_num_queries(7):
            client.get("/")


def test_manager_creates_a_campaign_from_the_form(cast: Cast) -> None:
    form = {**FORM, "guideline": "Be fair.\r\nAlways."}

    answer = signed_in(cast.manager).post("/campaigns/new/", form)

    made = Campaign.objects.latest("id")
    assert answer.headers["Location"] == page_of(made)
    assert (made.lease_seconds, made.criteria) == (2700, ["helpful", "honest", "Kind", "clear"])
    assert (made.tie_allowed, made.neither_allowed, made.state) == (True, False, "draft")


def test_form_keeps_what_was_typed_and_names_the_field(cast: Cast) -> None:
    form = {**FORM, "own_criteria": "Helpful"}

    page = signed_in(cast.manager).post("/campaigns/new/", form)

    assert page.status_code == 400
    assert 'value="Typed name"' in text_of(page)
    assert 'id="id_own_criteria_error"' in text_of(page)
    assert Campaign.objects.count() == 2


def test_annotator_has_no_form_for_campaigns(cast: Cast) -> None:
    client = signed_in(cast.annotator)

    answers = [client.get("/campaigns/new/"), client.post("/campaigns/new/", FORM)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert Campaign.objects.count() == 2


def test_edit_saves_and_counts_the_version(cast: Cast) -> None:
    url = page_of(cast.campaign, "edit")

    answer = signed_in(cast.manager).post(url, {**FORM, "version": 1})

    cast.campaign.refresh_from_db()
    assert answer.headers["Location"] == page_of(cast.campaign)
    assert (cast.campaign.name, cast.campaign.version) == ("Typed name", 2)


def test_edit_of_an_older_version_keeps_what_was_typed_and_shows_what_is_there(cast: Cast) -> None:
    client, url = signed_in(cast.manager), page_of(cast.campaign, "edit")
    client.post(url, {**FORM, "name": "Their name", "version": 1})

    page = client.post(url, {**FORM, "version": 1})
    text = text_of(page)

    assert page.status_code == 409
    assert 'value="Typed name"' in text
    assert "<dd>Their name</dd>" in text
    assert 'name="version" value="2"' in text
    assert Campaign.objects.get(pk=cast.campaign.pk).name == "Their name"


def test_edit_after_a_conflict_can_be_saved_again(cast: Cast) -> None:
    client, url = signed_in(cast.manager), page_of(cast.campaign, "edit")
    client.post(url, {**FORM, "name": "Their name", "version": 1})

    client.post(url, {**FORM, "version": 2})

    cast.campaign.refresh_from_db()
    assert (cast.campaign.name, cast.campaign.criteria) == (
        "Typed name",
        ["helpful", "honest", "Kind", "clear"],
    )


def test_edit_refuses_another_shape_after_the_start(cast: Cast) -> None:
    form = {**FORM, "candidates_per_comparison": "5", "version": 1}

    page = signed_in(cast.manager).post(page_of(cast.campaign, "edit"), form)

    assert page.status_code == 400
    assert "fixed once a campaign has been started" in text_of(page)


def test_state_button_pauses_the_campaign(cast: Cast) -> None:
    signed_in(cast.manager).post(page_of(cast.campaign, "state"), {"state": "paused"})

    cast.campaign.refresh_from_db()
    assert cast.campaign.state == "paused"


def test_state_that_cannot_follow_is_refused_with_what_can(cast: Cast) -> None:
    page = signed_in(cast.manager).post(page_of(cast.campaign, "state"), {"state": "draft"})

    assert page.status_code == 409
    assert "only paused or completed" in text_of(page)


def test_draft_without_a_guide_offers_no_start(cast: Cast) -> None:
    draft = make_campaign(cast.manager, state="draft", guideline="")

    text = text_of(signed_in(cast.manager).get(page_of(draft)))

    assert "Write the judging guide" in text
    assert 'value="active"' not in text


def test_guide_is_shown_as_safe_html(cast: Cast) -> None:
    client = signed_in(cast.manager)
    hostile = "**Bold** <script>alert(1)</script>"

    client.post(page_of(cast.campaign, "guide", "edit"), {"guideline": hostile})
    text = text_of(signed_in(cast.annotator).get(page_of(cast.campaign, "guide")))

    assert "<strong>Bold</strong>" in text
    assert "<script>alert" not in text


def test_guide_keeps_its_versions(cast: Cast) -> None:
    client = signed_in(cast.manager)
    client.post(page_of(cast.campaign, "guide", "edit"), {"guideline": "Second\r\nversion"})

    old = text_of(client.get(page_of(cast.campaign, "guide", 1)))

    assert "Prefer what is true." in old
    assert Guideline.objects.get(campaign=cast.campaign, version=2).text == "Second\nversion"
    assert client.get(page_of(cast.campaign, "guide", 3)).status_code == 404


def test_members_are_added_one_on_each_line_and_get_links_once(cast: Cast) -> None:
    client, url = signed_in(cast.manager), page_of(cast.campaign, "members")
    lines = f"a@annotate.localhost\n\n b@annotate.localhost, \n{cast.stranger.email}"

    page = client.post(url, {"emails": lines, "role": "annotator"})

    links = page.context["links"]
    assert [email for email, _ in links] == ["a@annotate.localhost", "b@annotate.localhost"]
    assert page.context["known"] == [cast.stranger.email]
    for email, link in links:
        signed = link.rstrip("/").rpartition("/")[2]
        assert link_for(signed, now=database_now()).user.email == email
        assert link in text_of(page)
        assert link not in text_of(client.get(url))


def test_members_with_a_bad_line_keep_what_was_typed(cast: Cast) -> None:
    page = signed_in(cast.manager).post(
        page_of(cast.campaign, "members"), {"emails": "fine@x.org\nbroken", "role": "annotator"}
    )

    assert page.status_code == 400
    assert "Entry 2: &#x27;broken&#x27; is not an e-mail address." in text_of(page)
    assert "fine@x.org\nbroken</textarea>" in text_of(page)
    assert not User.objects.filter(email="fine@x.org").exists()


def test_members_page_gives_a_new_link_to_who_has_not_come(cast: Cast) -> None:
    client = signed_in(cast.manager)
    client.post(page_of(cast.campaign, "members"), {"emails": "a@x.org", "role": "annotator"})
    member = Membership.objects.get(user__email="a@x.org")

    page = client.post(page_of(cast.campaign, "members", member.pk, "invite"))

    assert [email for email, _ in page.context["links"]] == ["a@x.org"]


def test_member_gets_another_role_and_is_removed(cast: Cast) -> None:
    client = signed_in(cast.manager)
    member = Membership.objects.get(campaign=cast.campaign, user=cast.annotator)

    client.post(page_of(cast.campaign, "members", member.pk), {"role": "reviewer"})
    member.refresh_from_db()
    client.post(page_of(cast.campaign, "members", member.pk, "remove"))

    assert member.role == "reviewer"
    assert not Membership.objects.filter(pk=member.pk).exists()


def test_members_page_costs_the_same_for_few_and_many(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client, url = signed_in(cast.manager), page_of(cast.campaign, "members")

    for more in (0, 3):
        for _ in range(more):
            add_person(cast.campaign, make_user())
        with django_assert_num_queries(5):
            client.get(url)

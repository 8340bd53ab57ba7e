"""The Django admin is for operators alone, and cannot touch what is append-only."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse

from labeling.accounts.models import AuditEvent, User
from labeling.ranking.models import Judgment
from tests.factories import make_user, signed_in
from tests.security.effects import changed, state
from tests.security.routes import admin_routes, table_addresses
from tests.security.world import World

pytestmark = pytest.mark.django_db
APPEND_ONLY = (AuditEvent, Judgment)
OURS = ("labeling", "exports")
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
FORGED: dict[str, Any] = {
    "is_superuser": "on", "is_staff": "on", "action": "delete_selected", "post": "yes",
    "_selected_action": "1", "_save": "Save", "email": "forged@annotate.localhost",
}  # fmt: skip


def addresses() -> list[str]:
    """Return every address of the admin, for the first row of each table."""
    filled = {"object_id": "1", "content_type_id": "1", "app_label": "accounts", "url": "x"}
    found = []
    for name, ids in admin_routes():
        kwargs = {key: filled.get(key, "1") for key in ids}
        try:
            found.append(reverse(f"admin:{name}", kwargs=kwargs))
        except NoReverseMatch:  # the catch-all of the admin takes no name
            found.append("/operators/nothing/")
    return found


def test_the_admin_shows_no_table_that_only_a_library_uses():
    foreign = [model for model in MODELS if not model.__module__.startswith(OURS)]

    assert foreign == []


def test_the_admin_has_addresses_to_walk():
    assert len(addresses()) >= 5 * len(MODELS)


@pytest.mark.parametrize("who", ["staff", "manager", "annotator"])
def test_nobody_but_an_operator_gets_anything(who: str, stage: World):
    staff = make_user("staff@annotate.localhost", is_staff=True)
    person = {**stage.sides["A"].people, "staff": staff}[who]
    client = signed_in(person)
    before = state()

    statuses = {
        client.generic(method, url).status_code
        for url in addresses()
        for method in ("GET", "POST", "PUT", "DELETE")
    }

    assert statuses == {404}
    assert changed(before, state()) == []


def test_anonymous_people_are_sent_to_the_sign_in_page(stage: World):
    found = {Client().get(url)["Location"].partition("?")[0] for url in addresses()}
    assert found == {reverse("account_login")}


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model.__name__)
def test_append_only_tables_cannot_be_changed_by_an_operator(model, stage: World):
    shown = admin.site._registry.get(model)
    if shown is None:
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        return
    client = signed_in(stage.operator)
    before = state()

    statuses = {client.post(url, FORGED).status_code for url in table_addresses(model)}

    assert statuses <= {200, 403}  # an action that is not there leads back to the list
    assert changed(before, state()) == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_tables_have_no_rows_to_edit_in_lists_and_delete_nothing_in_bulk(model, stage: World):
    request = RequestFactory().get("/")
    request.user = stage.operator
    shown = admin.site._registry[model]

    assert (list(shown.list_editable), list(shown.inlines)) == ([], [])
    assert "delete_selected" not in shown.get_actions(request)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_page_of_the_admin_shows_a_secret(model, stage: World):
    client = signed_in(stage.operator)
    leaks = []
    for url in table_addresses(model):
        response = client.get(url)
        assert response.status_code in {200, 403}
        leaks += stage.canaries.leaks(
            response.content.decode(), sides="AB", role="manager", person=""
        )
    hashes = User.objects.values_list("password", flat=True)
    text = "".join(client.get(url).content.decode() for url in table_addresses(model))

    assert [leak for leak in leaks if "name of the token" not in leak] == []
    assert [one for one in hashes if one in text] == []


def test_a_manager_cannot_lift_themselves_by_a_forged_form(stage: World):
    manager = stage.sides["A"].people["manager"]

    signed_in(manager).post(reverse("admin:accounts_user_change", args=[manager.pk]), FORGED)

    manager.refresh_from_db()
    assert (manager.is_superuser, manager.is_staff) == (False, False)

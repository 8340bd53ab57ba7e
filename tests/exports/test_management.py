"""An export from the command line is the one that the page makes."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from exports.models import Export
from exports.services.folders import ready_folder
from tests.exports.conftest import export_now

pytestmark = pytest.mark.django_db(transaction=True)


def export(*arguments: object) -> list[str]:
    said = StringIO()
    call_command("export", *arguments, stdout=said)
    return said.getvalue().splitlines()


def test_command_writes_what_is_chosen_and_says_where(cast):
    said = export(cast.campaign.pk, "--set", 'configs=["kto"]', "--set", "min_votes=1")

    made = Export.objects.get()
    assert said == [
        f"Export {made.pk}: 3 pairs",
        str(ready_folder(made.pk)),
        f"sha256 {made.manifest['data_sha256']}",
    ]
    assert made.selection["configs"] == ["kto"]
    assert made.requested_by == cast.campaign.created_by


def test_command_gives_the_bytes_of_the_page(cast):
    said = export(cast.campaign.pk)

    assert said[-1].removeprefix("sha256 ") == export_now(cast.campaign).manifest["data_sha256"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--set", "min_votes"], "as in min_votes=3"),
        (["--set", "min_votes=0"], "min_votes: Give a whole number from 1 to 25."),
        (["--set", "nothing=1"], "nothing: There is no such choice."),
        (["--as-user", "nobody@annotate.invalid"], "Nobody has the address"),
        (["--set", "min_votes=9"], "No row passes this selection"),
    ],
)
def test_refusal_says_why(cast, arguments, reason):
    with pytest.raises(CommandError, match=reason):
        export(cast.campaign.pk, *arguments)


def test_campaign_that_is_not_there_is_a_refusal():
    with pytest.raises(CommandError, match="no campaign 99999"):
        export(99999)

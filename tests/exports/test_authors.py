"""An export does not say who wrote a response."""

import pytest

from labeling.generation.enums import CandidateSource
from labeling.generation.models import Candidate
from tests.exports.conftest import export_now, rows_of, vote_all

pytestmark = pytest.mark.django_db(transaction=True)


def test_export_names_no_author(campaign):
    author = campaign.created_by
    written = Candidate.objects.filter(text__startswith="good")
    written.update(source=CandidateSource.HUMAN, author=author, model_label="")
    vote_all(campaign, "good")

    export = export_now(campaign)

    rows = rows_of(export)
    assert len(rows) == 3
    for secret in (author.email, author.display_name):
        assert secret not in str(rows) + str(export.manifest)

"""A row leads back to the second a person pressed a key, and to the texts they saw."""

from datetime import datetime
from hashlib import sha256

import pytest

from labeling.generation.models import Candidate
from labeling.ranking.models import Judgment
from tests.exports.conftest import export_now, judgments_of, rows_of, vote_all
from tests.factories import make_campaign
from tests.stock import stock

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_pair_leads_to_its_judgments_and_its_texts():
    campaign = make_campaign(overlap=2)
    stock(campaign, 3)
    vote_all(campaign, "good", "good")
    export = export_now(campaign)
    given = {row["judgment_id"]: row for row in judgments_of(export)}

    for row in rows_of(export):
        said = [given[key] for key in row["judgment_ids"]]
        stored = Judgment.objects.in_bulk(row["judgment_ids"])
        assert len(said) == row["n_votes"] == 2
        for one in said:
            judgment = stored[one["judgment_id"]]
            assert datetime.fromisoformat(one["created_at"]) == judgment.created_at
            assert one["display_order"] == judgment.display_order
            shown = {each["response_id"]: each["text_sha256"] for each in one["responses"]}
            better = one["responses"][one["ranks"].index(1)]["response_id"]
            assert better == row["chosen_response_id"]
            for side in ("chosen", "rejected"):
                text = row[side][0]["content"]
                assert shown[row[f"{side}_response_id"]] == sha256(text.encode()).hexdigest()
                assert Candidate.objects.get(pk=row[f"{side}_response_id"]).text == text


def test_the_page_leads_from_the_first_rows_to_their_comparisons(cast, manager):
    export = export_now(cast.campaign)

    page = manager.get(f"/campaigns/{cast.campaign.pk}/exports/{export.pk}/").content.decode()

    for row in rows_of(export):
        assert f'/campaigns/{cast.campaign.pk}/comparisons/{row["comparison_id"]}/"' in page

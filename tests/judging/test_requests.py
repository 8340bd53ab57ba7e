"""A model is asked to judge what it may judge, by one thing."""

import pytest

from labeling.errors import Invalid
from labeling.generation.enums import Stage
from labeling.generation.services.constitutions import add_constitution
from labeling.judging.models import AiJudgment
from labeling.ranking.models import Judgment
from tests.stock import claim, stock
from tests.stock import judge as by_hand


def test_principle_is_drawn_for_each_pair(cast, ask):
    stock(cast.campaign, 12)
    principles = ["Be kind.", "Be brief."]
    house = add_constitution(
        campaign=cast.campaign, name="House", principles=principles, user=cast.manager
    )

    run = ask(constitution=house)

    assert set(run.ai_judgments.values_list("standard", flat=True)) == set(principles)


def test_comparisons_are_chosen_by_whether_people_have_judged_them(cast, ask):
    stock(cast.campaign, 3)
    by_hand(cast.campaign, cast.annotator, claim(cast.campaign, cast.annotator))
    judged = Judgment.objects.get().comparison_id

    of_people = ask(which="judged").ai_judgments.values_list("comparison_id", flat=True)
    of_nobody = ask(which="unjudged").ai_judgments.values_list("comparison_id", flat=True)

    assert list(of_people) == [judged]
    assert len(of_nobody) == 2
    assert judged not in of_nobody


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"standard": " "}, "standard", "either a standard in words or a constitution"),
        ({"standard": "x" * 4001}, "standard", "give 1 to 4000 characters"),
        ({"standard": "a\0b"}, "standard", "can be stored"),
        ({"which": "some"}, "which", "must be one of all, judged, unjudged"),
        ({"comparison_ids": [10**6]}, "comparisons", "no comparison 1000000"),
        ({"which": "judged"}, "comparisons", "no comparison to judge"),
    ],
)
def test_refused_judging_names_what_does_not_hold(cast, ask, changes, field, reason):
    stock(cast.campaign, 1)

    with pytest.raises(Invalid) as refusal:
        ask(**changes)

    assert reason in refusal.value.data["fields"][field][0]
    assert not AiJudgment.objects.exists()


def test_base_model_is_refused_as_it_takes_no_order(cast, ask, generator):
    stock(cast.campaign, 1)
    generator.stage = Stage.BASE

    with pytest.raises(Invalid) as refusal:
        ask(generator=generator)

    assert "takes no order to judge" in refusal.value.data["fields"]["generator"][0]

"""No column that can hold text is forgotten by the tests of hostile text."""

import pytest
from django.db import models

from tests.security.columns import OPEN, SHUT, text_columns
from tests.security.hostile import TEXTS, Deal, turns_for


def test_every_text_column_is_filled_or_known_to_hold_no_text_of_people():
    free = {label for label, _ in text_columns()}

    assert free - OPEN.keys() - SHUT.keys() == set(), "say in tests/security/columns.py what it is"
    assert (OPEN.keys() | SHUT.keys()) - free == set()
    assert OPEN.keys() & SHUT.keys() == set()


def test_a_new_text_column_is_found():
    class Fresh(models.Model):
        word = models.SlugField()
        state = models.CharField(choices=[("a", "A")])
        size = models.IntegerField()

        class Meta:
            app_label = "campaigns"
            managed = False

        def __str__(self) -> str:
            return self.word

    try:
        found = [label for label, _ in text_columns()]
    finally:
        Fresh._meta.apps.all_models["campaigns"].pop("fresh")
        Fresh._meta.apps.clear_cache()

    assert [label for label in found if "Fresh" in label] == ["campaigns.Fresh.word"]


def dealt(size: int, *, place: int = 0, is_raw: bool = False) -> list[str]:
    turns = range(turns_for(size))
    return [text for turn in turns for text in Deal(turn, size, is_raw).portion(place)]


@pytest.mark.parametrize("place", [0, 1, 17])
@pytest.mark.parametrize("size", [5, 7, 25])
def test_every_text_stands_in_every_place_over_all_turns(size: int, place: int):
    assert sorted(dealt(size, place=place)) == sorted(TEXTS)


def test_texts_for_pages_that_clean_nothing_lack_only_what_no_policy_stops():
    lacking = sorted(set(TEXTS) - set(dealt(25, is_raw=True)))

    assert len(lacking) == 2
    assert all(text.startswith("<meta http-equiv=refresh") for text in lacking)

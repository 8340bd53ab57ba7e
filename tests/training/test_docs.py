"""What the guide says of the usual terms is what the test does."""

import re
from pathlib import Path

from labeling.training.models import TrainingPlan
from labeling.training.sequential import SequentialTest, fixed_course

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "training-and-qualification.md"
ROW = re.compile(r"^\| (\d+) % \| ([\d.]+) % \| ([\d.]+) \| ([\d.]+) % \|$", re.MULTILINE)


def test_the_guide_gives_the_chances_of_the_usual_terms() -> None:
    usual = TrainingPlan()
    test = SequentialTest(usual.pass_percent, usual.fewest_items, usual.most_items)

    rows = [tuple(map(float, row)) for row in ROW.findall(GUIDE.read_text())]

    assert [row[0] for row in rows] == [60, 70, 80, 90, 95]
    for percent, passes, items, fixed in rows:
        course = test.course(percent / 100)
        assert round(100 * course.passes, 1) == passes
        assert round(course.items, 1) == items
        assert round(100 * fixed_course(test, percent / 100).passes, 1) == fixed


def test_the_guide_names_each_field_of_the_plan_with_its_default() -> None:
    defaults = {
        field.name: field.default
        for field in TrainingPlan._meta.concrete_fields
        if field.name not in {"id", "campaign", "version"}
    }
    told = dict(re.findall(r"\(`(\w+)`\) \| (\w+) \|", GUIDE.read_text()))

    assert told == {
        name: "yes" if value is True else str(value) for name, value in defaults.items()
    }

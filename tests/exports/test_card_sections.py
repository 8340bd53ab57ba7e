"""What a card says of the campaign, in figures, and of training; nothing people type breaks it."""

import re
from dataclasses import replace
from html import unescape

import pytest
from markdown_it import MarkdownIt

from exports.policies import Judges
from exports.selection import Selection
from exports.statistics import Statistics
from labeling.quality.consensus import Ballot
from tests.exports.made import PAIR, PROMPT
from tests.exports.made import replace as replaced
from tests.exports.test_card import CARD, about, front, section
from tests.exports.test_statistics import of_answers


def test_the_card_says_how_answers_were_collected():
    text = section(CARD, "How it was collected")

    assert "Answers wanted to a comparison: 3. It is handed out to two people" in text
    assert "People may say that responses are equally good." in text
    assert "People may not say that none is acceptable." in text
    assert "Rankings of AI judges do not count." in text
    assert "4 before there was one, 70 under version 1, 46 under version 2." in text


@pytest.mark.parametrize("judges", Judges)
@pytest.mark.parametrize("counts_ai", [True, False])
def test_the_card_says_whether_ai_judges_count(judges, counts_ai):
    card = replace(about(counts_ai=counts_ai), selection=Selection(judges=judges))

    do = judges == Judges.AI or (judges == Judges.CAMPAIGN and counts_ai)
    assert f"AI judges {'count' if do else 'do not count'}." in section(
        card, "How it was collected"
    )


def test_the_guide_is_quoted_so_that_nothing_in_it_ends_the_quotation():
    lines = section(CARD, "The judging guide").split("\n")

    assert lines[1] == "Version 2, in force when the data was read."
    assert lines[3:] == ["> # Be fair", "> ---", ">", "> ```", "> no end", ""]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x0b", "\x85", "\u2028"])
def test_every_line_of_the_guide_is_quoted_however_lines_end(end):
    text = about(guide=f"one{end}## Configurations\x00{end}| a |").text("jsonl", "")

    assert "\n> one\n> ## Configurations\n> | a |\n" in text


def test_a_long_guide_is_cut_and_says_so():
    text = section(about(guide="word " * 10_000), "The judging guide")

    assert "These are its first 20000 characters of 50000." in text
    assert len(text) < 20_200


def test_without_a_guide_there_is_no_section_of_it():
    card = replace(about(guide="", guide_version=0), guide_versions={0: 120})

    assert "## The judging guide" not in card.text("parquet", "")
    assert "No answer was given under a judging guide." in card.text("parquet", "")


@pytest.mark.parametrize(
    "name", ["a\n---\nlicense: mit", "<!-- x", "# `x` | [y](z)", "\x7f\ufffe'\"{"]
)
def test_no_name_of_a_campaign_is_markup(name):
    card = about(name=name)
    read = front(card.text("parquet", "parquet/"))

    html = MarkdownIt("commonmark").render(card.text("jsonl", "").split("---\n", 2)[2])
    shown = re.findall("<h1>(.*?)</h1>", html.split("<blockquote>")[0])
    assert read["pretty_name"] == card.campaign.title
    assert "license" not in read
    assert [unescape(one) for one in shown] == [f"{card.campaign.title}: human preferences"]


def test_figures_that_are_not_defined_say_why():
    text = section(CARD, "How people agree")

    assert "| Krippendorff's alpha, nominal | not defined: fewer than two comparisons" in text
    assert "| people | 0 | – |" in text
    assert "not defined: no pair has" in section(CARD, "Lengths and positions")
    assert "No figure is beyond its limit." in section(CARD, "Warnings")


def test_figures_stand_on_the_card_with_their_intervals_and_warnings():
    statistics = Statistics()
    for number in range(40):
        statistics.read(of_answers("a", "b", prompt=replaced(PROMPT, prompt_id=number + 1)))
        statistics.read(of_answers("a", "b", ballots=(Ballot((2, 1)), Ballot((1, 2)))))
        statistics.pair(PAIR)
    card = replace(CARD, summary=statistics.summary())

    agree, lengths = section(card, "How people agree"), section(card, "Lengths and positions")

    assert re.search(r"\(raw agreement\) \| 50\.0 % \| \d\d\.\d to \d\d\.\d %", agree)
    assert re.search(r"nominal \| -?\d\.\d{3} \| -?\d\.\d\d to -?\d\.\d\d \|", agree)
    assert "| their share of all answers | 50.0 % |" in agree
    assert "| chosen is the longer one | 100.0 % | 91.2 to 100.0 % |" in lengths
    assert "a rule that always prefers the longer response would be right in 100.0 %" in section(
        card, "Warnings"
    )


@pytest.mark.parametrize(
    ("configs", "trainer", "named"),
    [
        (["trl", "kto"], "RewardTrainer", "trl"),
        (["llamafactory", "standard"], "DPOTrainer", "standard"),
        (["kto", "judgments"], "KTOTrainer", "kto"),
        (["sft", "judgments"], "SFTTrainer", "sft"),
    ],
)
def test_the_card_trains_on_the_first_configuration_that_trl_reads(configs, trainer, named):
    text = section(replace(CARD, rows={one: {"train": 1} for one in configs}), "How to train")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)

    compile(code, "card", "exec")
    assert trainer in code
    assert f'load_dataset("path/to/this/folder", "{named}", split="train")' in code


def test_a_card_without_anything_for_trl_does_not_say_how_to_train():
    rows = {"judgments": {"train": 3}}

    assert "## How to train" not in replace(CARD, rows=rows).text("jsonl", "")

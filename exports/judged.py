"""A judged comparison, as rows are made from it; plain Python."""

from typing import NamedTuple

from exports.records import Answer, Judgment, PromptFacts, Response, RoundFacts
from labeling.quality.consensus import Ballot

PERSON, AI = "human", "ai"


class Ideal(NamedTuple):
    """A response in a slot as somebody would have it, given with a counted answer."""

    slot: int
    text: str
    tokens: int
    judgment_id: int
    annotator: str


class Judged(NamedTuple):
    """One comparison of a round with its counted answers, ready to be decided.

    ``responses[slot]`` is the response in that slot. ``given`` is all that was said about it;
    ``answers`` are those of it that count, and then AI judges', ``n_ai`` of them. ``ballots`` say
    what ``answers`` say, one each; ``guideline_versions`` are those of people's, 0 for none.
    """

    comparison_id: int
    round: RoundFacts
    prompt: PromptFacts
    responses: tuple[Response, ...]
    given: tuple[Judgment, ...]
    answers: tuple[Answer, ...]
    n_ai: int
    ballots: tuple[Ballot, ...]
    guideline_versions: tuple[int, ...]
    ideals: tuple[Ideal, ...]

"""Which records trainers can learn from, and why others are left out; plain Python."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from exports.messages import fits_trainers
from exports.records import Chain, Pair, PromptFacts, Response, Step


class Reason(StrEnum):
    """Why a row that the answers state is not in an export."""

    NOT_ENOUGH = "few_votes_or_low_agreement"
    NOT_AMONG_PAIRS = "not_among_the_pairs"
    BLANK_RESPONSE = "blank_response"
    IDENTICAL_RESPONSES = "identical_responses"
    CONTRADICTION = "contradiction"
    DUPLICATE = "duplicate"
    PROMPT_SHAPE = "prompt_shape"
    UNREADABLE_TEXT = "unreadable_text"
    TOO_LONG = "too_long"

    @property
    def words(self) -> str:
        """The reason as a person reads it."""
        return self.value.replace("_", " ")


def why_unfit(prompt: PromptFacts, texts: Sequence[str], labels: Sequence[str]) -> Reason | None:
    """Return why trainers could not learn from a prompt with these responses; None if they can."""
    if not all(map(str.strip, texts)):
        return Reason.BLANK_RESPONSE
    if not fits_trainers(prompt.messages):
        return Reason.PROMPT_SHAPE
    turns = [turn["content"] for turn in prompt.messages]
    every = (*texts, *labels, *prompt.labels, *turns)
    return None if all(map(is_unicode, every)) else Reason.UNREADABLE_TEXT


def is_too_long(most: int, prompt: PromptFacts, *responses: Response) -> bool:
    """Tell whether a prompt with one of the responses has more tokens than ``most``; 0 is any."""
    longest = max((one.tokens for one in responses), default=0)
    return bool(most) and prompt.tokens + longest > most


def why_unfit_pair(pair: Pair, most_tokens: int = 0) -> Reason | None:
    """Return why trainers could not learn from a pair; None if they can."""
    chosen, rejected = pair.chosen, pair.rejected
    labels = (chosen.model, rejected.model, pair.vote.round.checkpoint)
    unfit = why_unfit(pair.prompt, (chosen.text, rejected.text), labels)
    if unfit is None and chosen.text.strip() == rejected.text.strip():
        return Reason.IDENTICAL_RESPONSES
    if unfit is None and is_too_long(most_tokens, pair.prompt, chosen, rejected):
        return Reason.TOO_LONG
    return unfit


def why_unfit_prompt(prompt: PromptFacts, most_tokens: int = 0) -> Reason | None:
    """Return why trainers could not learn from a prompt alone; None if they can."""
    if is_too_long(most_tokens, prompt):
        return Reason.TOO_LONG
    return why_unfit(prompt, (), ())


def why_unfit_chain(chain: Chain, most_tokens: int = 0) -> Reason | None:
    """Return why trainers could not learn from a chain; None if they can."""
    if is_too_long(most_tokens, chain.prompt, chain.original, chain.revision):
        return Reason.TOO_LONG
    said: list[Response | Step] = [chain.original, *chain.steps, chain.revision]
    labels = (chain.constitution, *(one.model for one in said))
    principles = (step.principle for step in chain.steps)
    return why_unfit(chain.prompt, [one.text for one in said], (*labels, *principles))


def is_unicode(text: str) -> bool:
    """Tell whether a text can be written as UTF-8; one with a lone surrogate cannot."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def settled(
    pairs: Sequence[Pair], *, both_ways: bool, again: bool
) -> Iterator[tuple[Pair, Reason | None]]:
    """Yield the pairs of one prompt, each with why it goes or None where it stays.

    Comparisons of one prompt may overlap. Where they order the same two texts both ways, all such
    pairs go unless ``both_ways``; where they order them the same way, the first stays, and the
    others with ``again``. White space around a text makes no other text of it.
    """
    if len(pairs) == 1:
        yield pairs[0], None
        return
    orders = {_texts(pair) for pair in pairs}
    seen: set[tuple[str, str]] = set()
    for pair in pairs:
        texts = _texts(pair)
        if texts[::-1] in orders and not both_ways:
            yield pair, Reason.CONTRADICTION
        elif texts in seen and not again:
            yield pair, Reason.DUPLICATE
        else:
            seen.add(texts)
            yield pair, None


def _texts(pair: Pair) -> tuple[str, str]:
    return pair.chosen.text.strip(), pair.rejected.text.strip()

"""What the card of an export says of its data in figures, counted while the rows go by."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from exports.agreement import Agreement, Agreements
from exports.estimates import Estimate, share_of
from exports.judged import Judged
from exports.records import Judgment, Pair

MOST_LANGUAGES = 20
EVEN = 0.5
TIE, BOTH_BAD = "tie", "both_bad"


@dataclass(frozen=True, slots=True)
class Answers:
    """People's answers that count: what they say, and how many a person gave.

    The shares are of all answers, ``most_share`` that of whoever gave the most; None where nobody
    gave any.
    """

    answers: int
    tie_share: float | None
    both_bad_share: float | None
    people: int
    median_a_person: float | None
    most_a_person: int
    most_share: float | None


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long the two responses of pairs are, in characters (Unicode code points).

    ``even`` pairs (``probability`` 0.5, as soft ties have) prefer neither response and are in no
    other figure. ``longer`` is the share of pairs that prefer the longer response, without the
    ``same`` pairs whose responses are equally long.
    """

    pairs: int
    even: int
    chosen_mean: float | None
    rejected_mean: float | None
    same: int
    longer: Estimate


@dataclass(frozen=True, slots=True)
class Positions:
    """How often people preferred the response that was shown first, of two."""

    answers: int
    first: Estimate


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one export; ``languages`` counts prompts by language as it was imported."""

    agreement: Agreement
    answers: Answers
    lengths: Lengths
    positions: Positions
    languages: dict[str, int]


class Statistics:
    """The figures of an export, fed with every judged comparison and with every pair written.

    Holds counts alone: one a person and one a language, whatever the number of comparisons. Those
    of a prompt must come together.
    """

    def __init__(self) -> None:
        self._agreements = Agreements()
        self._people: Counter[str] = Counter()
        self._outcomes: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()
        self._prompt_id = 0
        self._ordered = self._first = 0
        self._even = self._longer = self._shorter = self._same = 0
        self._chosen = self._rejected = 0

    def read(self, judged: Judged) -> None:
        """Count one comparison with answers that count; AI judges' are passed over."""
        prompt = judged.prompt
        if prompt.prompt_id != self._prompt_id:
            self._prompt_id = prompt.prompt_id
            self._languages[prompt.language] += 1
        people = len(judged.answers) - judged.n_ai
        if not people:
            return
        for answer in judged.answers[:people]:
            self._people[answer.annotator] += 1
            self._outcomes[answer.outcome] += 1
        if people > 1:
            self._agreements.add(judged.ballots[:people], len(judged.responses))
        if len(judged.responses) == 2:
            self._shown(judged.given)

    def pair(self, pair: Pair) -> None:
        """Count one pair that is written."""
        if pair.vote.probability == EVEN:
            self._even += 1
            return
        chosen, rejected = len(pair.chosen.text), len(pair.rejected.text)
        self._chosen += chosen
        self._rejected += rejected
        if chosen > rejected:
            self._longer += 1
        elif chosen < rejected:
            self._shorter += 1
        else:
            self._same += 1

    def summary(self) -> Summary:
        """Return the figures of what was counted so far."""
        named = sorted(self._languages.items(), key=lambda one: (-one[1], one[0]))
        return Summary(
            agreement=self._agreements.result(),
            answers=self._answers(),
            lengths=self._lengths(),
            positions=Positions(
                self._ordered,
                share_of(self._first, self._ordered, "nobody preferred one of two responses"),
            ),
            languages=dict(named[:MOST_LANGUAGES]),
        )

    def _shown(self, given: Iterable[Judgment]) -> None:
        """Count which of two responses was preferred, by where it was shown."""
        for one in given:
            if one.counted and one.ranks:
                first, second = one.ranks
                if first != second:
                    self._ordered += 1
                    self._first += (first < second) == (one.display_order[0] == 0)

    def _answers(self) -> Answers:
        total, most = self._people.total(), max(self._people.values(), default=0)
        return Answers(
            answers=total,
            tie_share=_ratio(self._outcomes[TIE], total),
            both_bad_share=_ratio(self._outcomes[BOTH_BAD], total),
            people=len(self._people),
            median_a_person=median(self._people.values()) if self._people else None,
            most_a_person=most,
            most_share=_ratio(most, total),
        )

    def _lengths(self) -> Lengths:
        ordered = self._longer + self._shorter
        pairs = ordered + self._same
        return Lengths(
            pairs=pairs,
            even=self._even,
            chosen_mean=_ratio(self._chosen, pairs),
            rejected_mean=_ratio(self._rejected, pairs),
            same=self._same,
            longer=share_of(self._longer, ordered, "no pair has responses of different lengths"),
        )


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None

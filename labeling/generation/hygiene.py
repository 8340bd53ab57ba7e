"""What makes a response unfit to be compared, told before a person spends time on it.

Everything here decides on text alone and errs on the side of showing a response: a manager
releases what was held back wrongly, but nobody sees what was wrongly thrown away. The rules
for names and markers follow what Chatbot Arena removes from its battles after voting.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from labeling.generation.enums import Flaw
from labeling.generation.languages import is_in_another_language

# Characters: what is too long unless a run says otherwise, and the most that it may say.
LONGEST, MOST_CHARACTERS = 20_000, 1_000_000
CUT_OFF = frozenset({"length", "max_tokens", "content_filter"})

SAME_WORDS, FEWEST_WORDS = 0.95, 30
LOOPS, LOOP_SHARE = 4, 0.2
FEWEST_TO_LOOP, DISTINCT_SHARE = 60, 0.3

WORD = re.compile(r"\w+")
FENCED = re.compile(r"^```.*?(?:^```|\Z)", re.DOTALL | re.MULTILINE)
LOOP = re.compile(rf"(.{{2,200}}?)\1{{{LOOPS - 1},}}", re.DOTALL)
MARKERS = re.compile(
    r"<\|[a-z0-9_ ]{2,40}\|>|<｜[^｜>]{2,40}｜>|\[/?INST\]|<</?SYS>>|</?(?:s|bos|eos)>"
    r"|<(?:start|end)_of_turn>|</?(?:think|tool_call|assistant|user|system)>"
    r"|^\W{0,4}(?:human|user|assistant|instruction|response|input|bot|gpt)\W{0,2}:",
    re.IGNORECASE | re.MULTILINE,
)
NAMES = (
    r"alpaca|vicuna|koala|chat-?glm|chat-?gpt|gpt-?[345][\w.]*|open-?ai|anthropic|claude|gemini|palm"
    r"|lamda|gemma|google|llama|meta ai|mistral|mixtral|zephyr|qwen|tongyi|qianwen|alibaba|deepseek"
    r"|dolly|databricks|dbrx|cohere|command[- ]r|open[- ]?assistant|laion|pythia|eleuther(?:ai)?"
    r"|stable-?lm|stability ai|phi-?[1-4]|01\.ai|baichuan|internlm|tülu|olmo|grok|x\.?ai|copilot"
    r"|inflection|jurassic|ai21|h2ogpt|wizardlm|airoboros|kimi|moonshot|minimax|ernie|baidu"
)
# "I am a language model called …", "As an assistant created by …", and nothing said of others.
SAYS_NAME = (
    r"\b(?:i am|i'm|i’m|my name is|call me)\s+"
    r"(?:(?:an?|the|just|actually|ai|large|virtual|language|chat|model|assistant|chatbot|bot|called"
    r"|named|known|as|version|instance|based|powered|on|of|by)[\s,]+){{0,6}}({names})\b"
    r"|\b(?:i|i'm|i’m|me|as an? [\w ]{{2,30}})\b[^.!?\n]{{0,30}}"
    r"\b(?:trained|developed|created|made|built|designed) by\s+(?:\w+\s+){{0,2}}?({names})\b"
)


@dataclass(frozen=True)
class Response:
    """One response as the gate sees it, and what it is held against.

    ``prompt`` is all the prompt's text and ``language`` the one its import names (BCP 47);
    ``model`` is the name the response was asked of.
    """

    text: str
    finish_reason: str = "stop"
    prompt: str = ""
    language: str = ""
    model: str = ""


def flaws_of(
    one: Response, *, unchecked: Collection[str] = (), longest: int = LONGEST
) -> list[Flaw]:
    """Return the flaws that the response has by itself, in the order of the enumeration.

    Whether another one says the same is asked of ``is_duplicate``.
    """
    checks: dict[Flaw, Callable[[], bool]] = {
        Flaw.CUT_OFF: lambda: one.finish_reason in CUT_OFF,
        Flaw.TEMPLATE: lambda: has_marker(one.text, one.prompt),
        Flaw.NAMES_ITSELF: lambda: names_itself(one.text, prompt=one.prompt, model=one.model),
        Flaw.WRONG_LANGUAGE: lambda: is_in_another_language(
            one.text, prompt=one.prompt, asked=one.language
        ),
        Flaw.REPETITIVE: lambda: is_repetitive(one.text),
        Flaw.TOO_LONG: lambda: len(one.text) > longest,
    }
    return [flaw for flaw, check in checks.items() if flaw not in unchecked and check()]


def is_duplicate(text: str, others: Iterable[str]) -> bool:
    """Tell whether the text says in the same words what another one says.

    Case, punctuation and spaces do not count. Longer texts may differ in a few words, but in
    no number: of two answers that differ in one figure, one is wrong.
    """
    words = _words(text)
    if not words:
        return any(text.strip() == other.strip() for other in others)
    return any(_alike(words, _words(other)) for other in others)


def _alike(words: Sequence[str], other: Sequence[str]) -> bool:
    if words == other:
        return True
    if min(len(words), len(other)) < FEWEST_WORDS or _numbers(words) != _numbers(other):
        return False
    return Indel.normalized_similarity(words, other, score_cutoff=SAME_WORDS) > 0


def has_marker(text: str, prompt: str) -> bool:
    """Tell whether the text holds a marker of a chat template that its prompt does not hold.

    Code may speak of anything and is passed over.
    """
    known = {found.casefold().strip() for found in MARKERS.findall(prompt)}
    found = MARKERS.findall(FENCED.sub("", text))
    return any(marker.casefold().strip() not in known for marker in found)


def names_itself(text: str, *, prompt: str, model: str) -> bool:
    """Tell whether the text says which model or company it comes from.

    A name counts in the first person only, and not where the prompt brought it up.
    """
    own = "|".join(re.escape(part) for part in _own_names(model))
    names = f"{NAMES}|{own}" if own else NAMES
    says = re.compile(SAYS_NAME.format(names=names), re.IGNORECASE)
    asked = prompt.casefold()
    return any(
        name.casefold() not in asked
        for match in says.finditer(text)
        for name in match.groups()
        if name
    )


def _own_names(model: str) -> list[str]:
    """Return the words of a model's name that tell it from others."""
    words = re.split(r"[^a-z]+", model.rpartition("/")[2].casefold())
    common = {"chat", "instruct", "base", "model", "toy", "tiny", "large", "small", "latest"}
    return [word for word in words if len(word) > 4 and word not in common]


def is_repetitive(text: str) -> bool:
    """Tell whether the text goes round in circles, at its end or all over."""
    body = text[-4000:]
    if any(
        len(match.group(0)) >= max(60, LOOP_SHARE * len(body))
        and match.group(1).strip(" -_=*.|\n#")
        for match in LOOP.finditer(body)
    ):
        return True
    words = _words(text)
    if len(words) < FEWEST_TO_LOOP:
        return False
    grams = list(zip(words, words[1:], words[2:], words[3:], strict=False))
    return len(set(grams)) < DISTINCT_SHARE * len(grams)


def _words(text: str) -> list[str]:
    return WORD.findall(text.casefold())


def _numbers(words: Iterable[str]) -> Counter[str]:
    return Counter(word for word in words if any(sign.isdigit() for sign in word))

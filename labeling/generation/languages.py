"""Tell whether a response is in another language than its prompt asks for; sure cases only."""

import re
from functools import cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

# Latin letters, in a prompt and in a response; other scripts say more with each.
FEWEST_ASKED, FEWEST_SAID = 15, 40
# How likely the prompt's language must be, and how unlikely that the response is in it.
LIKELY, UNLIKELY = 0.7, 0.001
# What is not in the language of the text around it.
ASIDE = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]*`|\$\$.*?\$\$|https?://\S+|<[^<>\n]{1,80}>", re.DOTALL
)
# A prompt that speaks of languages may want any.
SPEAKS_OF_LANGUAGES = re.compile(
    r"translat|langu|idioma|lengua|sprache|übersetz|traduc|tradui|traduz|перев|язык|언어|번역|翻訳|言語"
    r"|翻译|翻譯|语言|語言|ترجم|لغة|תרגם|שפה|भाषा|अनुवाद"
    r"|\b(?:english|french|german|spanish|italian|portuguese|dutch|russian|chinese|mandarin|japanese"
    r"|korean|arabic|hebrew|hindi|turkish|polish|latin|greek|swedish|czech|ukrainian|vietnamese)\b",
    re.IGNORECASE,
)
# Languages that even people tell apart by a few words.
ALIKE = (
    {"no", "nb", "nn", "da", "sv"}, {"hr", "bs", "sr", "sl"}, {"id", "ms", "jv"},
    {"es", "gl", "pt", "ca", "oc", "an", "eu", "ast"}, {"cs", "sk"}, {"hi", "mr", "ne"},
    {"ar", "fa", "ur", "ps", "ug"}, {"ru", "uk", "be", "bg", "mk", "kk", "ky", "mn"},
    {"en", "la", "pcm", "bcl", "sco"}, {"de", "lb"}, {"af", "nl"}, {"zh", "ja", "wuu", "yue"},
)  # fmt: skip


def is_in_another_language(text: str, *, prompt: str, asked: str = "") -> bool:
    """Tell whether the text is surely in another language than the prompt.

    ``asked`` is the language that the prompt's import names (BCP 47), if any; else the
    prompt's own counts. A prompt that speaks of languages, and short texts, are let through.
    """
    if SPEAKS_OF_LANGUAGES.search(prompt):
        return False
    wanted = asked.partition("-")[0].casefold()
    if not wanted:
        found = _shares(prompt, FEWEST_ASKED)
        wanted = max(found, key=lambda name: found[name], default="")
        if not wanted or found[wanted] < LIKELY:
            return False
    spoken = _shares(text, FEWEST_SAID)
    kin = {wanted}.union(*(alike for alike in ALIKE if wanted in alike))
    return bool(spoken) and sum(spoken.get(name, 0.0) for name in kin) < UNLIKELY


def _shares(text: str, fewest: int) -> dict[str, float]:
    """Return how likely each language is, of the text without code; nothing for short texts."""
    plain = ASIDE.sub(" ", text)
    letters = sum(1 if sign.isascii() else 2 for sign in plain if sign.isalpha())
    if letters < fewest:
        return {}
    ranked: list[tuple[str, float]] = _identifier().rank(plain)
    return dict(ranked)


@cache
def _identifier() -> Any:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

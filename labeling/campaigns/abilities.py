"""What is known of a member: languages and skills, as prompts name them; plain Python."""

import re
from collections.abc import Iterable, Sequence

from labeling.wording import gettext

# The same tags as an import takes for the language of a prompt.
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
LONGEST_LANGUAGE, MOST_LANGUAGES = 35, 20
PREFIX = "skill:"
# What a tag of a prompt, of 100 characters, leaves after the prefix.
LONGEST_SKILL, MOST_SKILLS = 94, 50
SCRIPT_LENGTH, REGION_LENGTH = 4, 2


def faults_of(languages: Sequence[str], skills: Sequence[str]) -> dict[str, list[str]]:
    """Return what does not hold, by field, with the remedy."""
    found = {"languages": _language_faults(languages), "skills": _skill_faults(skills)}
    return {field: faults for field, faults in found.items() if faults}


def tidy_languages(languages: Iterable[str]) -> list[str]:
    """Return each language once, written as BCP 47 recommends: ``PT-br`` is ``pt-BR``."""
    return list(dict.fromkeys(_in_usual_case(language.strip()) for language in languages))


def tidy_skills(skills: Iterable[str]) -> list[str]:
    """Return each skill once; its letters stay as they are, as those of a prompt's tags do."""
    return list(dict.fromkeys(skill.strip() for skill in skills))


def _language_faults(languages: Sequence[str]) -> list[str]:
    if len(languages) > MOST_LANGUAGES:
        reason = gettext("Name at most %(most)s languages, or none for any.")
        return [reason % {"most": MOST_LANGUAGES}]
    return [
        gettext("%(language)s is not a language tag. Write one such as en or pt-BR.")
        % {"language": repr(language[:80])}
        for language in languages
        if len(language.strip()) > LONGEST_LANGUAGE or not LANGUAGE.fullmatch(language.strip())
    ]


def _skill_faults(skills: Sequence[str]) -> list[str]:
    if len(skills) > MOST_SKILLS:
        return [gettext("Name at most %(most)s skills.") % {"most": MOST_SKILLS}]
    return [reason for skill in skills if (reason := _skill_fault(skill.strip()))]


def _skill_fault(skill: str) -> str | None:
    if not 0 < len(skill) <= LONGEST_SKILL:
        reason = gettext("Name each skill in 1 to %(longest)s characters.")
        return reason % {"longest": LONGEST_SKILL}
    if "," in skill:
        reason = gettext(
            "%(skill)s holds a comma, which stands between skills. Name each by itself."
        )
        return reason % {"skill": repr(skill)}
    if skill.startswith(PREFIX):
        bare = skill.removeprefix(PREFIX).strip()
        reason = gettext("Leave out “%(prefix)s”: write %(skill)s.")
        return reason % {"prefix": PREFIX, "skill": repr(bare)}
    return None


def _in_usual_case(language: str) -> str:
    first, *others = language.split("-")
    return "-".join([first.lower(), *map(_part_in_usual_case, others)])


def _part_in_usual_case(part: str) -> str:
    if len(part) == SCRIPT_LENGTH and part.isalpha():
        return part.title()
    return part.upper() if len(part) == REGION_LENGTH else part.lower()

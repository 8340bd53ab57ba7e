"""How a route declares who may use it; a route that declares nothing is closed."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


class Who(StrEnum):
    """The kinds of person a route can be open to; the last three are roles in its campaign."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    OPERATOR = "operator"
    MANAGER = "manager"
    REVIEWER = "reviewer"
    ANNOTATOR = "annotator"


class Scope(StrEnum):
    """What an API token may be used for."""

    CAMPAIGNS_READ = "campaigns:read"
    CAMPAIGNS_WRITE = "campaigns:write"
    PROMPTS_READ = "prompts:read"
    PROMPTS_WRITE = "prompts:write"
    GENERATION_READ = "generation:read"
    GENERATION_WRITE = "generation:write"
    JUDGMENTS_READ = "judgments:read"
    JUDGMENTS_WRITE = "judgments:write"
    EXPORT_READ = "export:read"
    EXPORT_WRITE = "export:write"


@dataclass(frozen=True)
class Rule:
    """Who may call one method of one route, and the scope an API token needs for it.

    A rule without a scope refuses API tokens: the act needs a person's own session.
    """

    who: frozenset[Who]
    scope: Scope | None = None

    def with_scope(self, scope: Scope) -> "Rule":
        """Return the same rule, open also to API tokens that hold ``scope``."""
        return Rule(self.who, scope)


PUBLIC = Rule(frozenset({Who.PUBLIC}))
SIGNED_IN = Rule(frozenset({Who.SIGNED_IN}))
OPERATORS = Rule(frozenset({Who.OPERATOR}))
MANAGERS = Rule(frozenset({Who.MANAGER}))
RANKERS = Rule(frozenset({Who.ANNOTATOR, Who.REVIEWER, Who.MANAGER}))
REVIEWERS = Rule(frozenset({Who.REVIEWER, Who.MANAGER}))
MEMBERS = RANKERS

CAMPAIGN_ROLES = frozenset({Who.MANAGER, Who.REVIEWER, Who.ANNOTATOR})


def declare(**methods: Rule) -> Callable[[View], View]:
    """Declare the rule of each HTTP method of a view; methods not named are refused.

    >>> @declare(GET=MANAGERS, POST=MANAGERS)
    ... def members(request, campaign_id): ...
    """

    def mark(view: View) -> View:
        view.access = methods  # type: ignore[attr-defined]  # read back by rule_for
        return view

    return mark


def takes_files(view: View) -> View:
    """Let a view receive whole files; bodies sent to any other are refused when large."""
    view.takes_files = True  # type: ignore[attr-defined]  # read back by the body limit
    return view


def answers_secrets(view: View) -> View:
    """Mark an API view whose answers hold a secret: they are kept nowhere, not even for a retry."""
    view.answers_secrets = True  # type: ignore[attr-defined]  # read back where answers are kept
    return view


def rule_for(view: object, method: str) -> Rule | None:
    """Return the rule a view declares for a method; HEAD goes by GET, None means closed."""
    declared: dict[str, Rule] = getattr(view, "access", {})
    return declared.get("GET" if method == "HEAD" else method)

"""Template tags of the shell: the navigation, figures and bars."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.context import RequestContext
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from annotate.navigation import Place, places_for
from labeling.campaigns.enums import Role

register = template.Library()
CENTS = 2


@register.filter
def money(amount: Decimal) -> str:
    """Write an amount with the places it needs, two at least: 0.1 is ``0.10``."""
    exact = amount.normalize()
    return str(exact if int(exact.as_tuple().exponent) < -CENTS else round(exact, CENTS))


@register.simple_tag(takes_context=True)
def places(context: RequestContext) -> list[Place]:
    """Return the places of the navigation bar for the person of this request."""
    request = context.get("request")
    return places_for(request) if request is not None else []


@register.filter
def figure(value: int) -> str:
    """Write a count with commas: 5940 is ``5,940``."""
    return intcomma(value)


@register.filter
def percent_of(value: int, whole: int) -> str:
    """Write a share in whole per cent, never rounded up to 100%: ``61%``."""
    return f"{100 * value // whole}%" if whole else "0%"


@register.filter
def role_name(role: str) -> str:
    """Write a member's role in words: ``Annotator``."""
    return str(Role(role).label)


@register.filter
def reasons(found: str | Sequence[str]) -> str:
    """Write one reason, or several after one another."""
    return found if isinstance(found, str) else " ".join(str(reason) for reason in found)


@register.filter
def literal(text: str) -> SafeString:
    """Escape a docstring and set its ````literals```` as code."""
    marked = re.sub(r"``(.+?)``|`(.+?)`", r"<code>\1\2</code>", escape(text))
    return mark_safe(marked)  # noqa: S308 - escaped above; only <code> is added


@register.inclusion_tag("annotate/partials/stack.html")
def stack(*parts: Any) -> dict[str, Any]:
    """Draw one bar of several parts, with a legend: ``{% stack 12 "c1" "judged" 3 "c3" "open" %}``.

    ``c1`` to ``c5`` are the fills of data.css; parts of nothing are left out.
    """
    triples: Sequence[tuple[int, str, str]] = [
        (int(parts[at]), parts[at + 1], parts[at + 2]) for at in range(0, len(parts), 3)
    ]
    whole = sum(count for count, _, _ in triples) or 1
    shown, before = [], 0
    for count, fill, label in triples:
        if count:
            x, width = f"{100 * before / whole:.3f}%", f"{100 * count / whole:.3f}%"
            shown.append({"count": count, "fill": fill, "label": label, "x": x, "width": width})
        before += count
    return {"parts": shown}

"""Template filters that write measured values in words."""

from django import template

from labeling.wording import gettext

register = template.Library()


@register.filter
def duration(milliseconds: float | None) -> str:
    """Write a time in whole seconds, or minutes and seconds: 72,000 is ``1 min 12 s``.

    A time that is not yet a second is ``under 1 s``: nothing that was measured shows as nothing.
    """
    if milliseconds is None:
        return "–"
    if milliseconds < 1000:
        return gettext("under 1 s")
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    if minutes:
        return gettext("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": seconds}
    return gettext("%(seconds)s s") % {"seconds": seconds}


@register.filter
def percent(share: float) -> str:
    """Write a share in whole per cent: 0.734 is ``73%``."""
    return f"{100 * share:.0f}%"

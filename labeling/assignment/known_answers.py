"""What a known answer must hold; plain Python."""

from collections.abc import Sequence

from labeling.wording import gettext


def ranks_fault(ranks: Sequence[int], *, size: int, tie_allowed: bool) -> str | None:
    """Return what is wrong with a known answer, given as ranks by slot, or None.

    People must be able to give that very answer, so ties are refused where they may not tie.
    """
    if len(ranks) != size:
        reason = gettext("Give one rank for each of the %(size)s responses; %(given)s came.")
        return reason % {"size": size, "given": len(ranks)}
    if any(not 1 <= rank <= size for rank in ranks):
        return gettext("Ranks go from 1 (best) to %(last)s.") % {"last": size}
    levels = set(ranks)
    if levels != set(range(1, len(levels) + 1)):
        return gettext("Leave no rank out: after two level responses at 1 comes 2.")
    if len(levels) < size and not tie_allowed:
        return gettext("This campaign does not take ties; make the ranks differ.")
    return None

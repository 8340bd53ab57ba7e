"""Compare two issued exports of one campaign."""

from collections.abc import Iterator
from itertools import chain

from exports.changes import COMPARABLE, Apart, Change, Side, changes, in_order
from exports.configs import Config
from exports.models import Export
from exports.removals import OF_JUDGMENTS
from exports.services.parts import Part, parts_of
from labeling.errors import Invalid
from labeling.wording import gettext


def changes_between(old: Export, new: Export, config: str = "") -> Iterator[Change]:
    """Yield how the rows of a configuration differ, in constant memory.

    Without a configuration the first that both have is compared. Raises Invalid where they have
    none, or no container, in common.
    """
    if not (old.manifest and new.manifest):
        _refuse("since", gettext("Only exports that are ready can be compared."))
    container = _common(old, new, "containers")
    wanted = config or _common(old, new, "configs")
    apart = Apart(
        selection=old.selection != new.selection,
        revocations=not set(new.manifest["revocations"]) <= set(old.manifest["revocations"]),
    )
    return changes(wanted, _side(old, container, wanted), _side(new, container, wanted), apart)


def _common(old: Export, new: Export, choice: str) -> str:
    """Return the first container, or the first comparable configuration, that both have."""
    both = [one for one in old.selection[choice] if one in new.selection[choice]]
    if choice == "configs":
        both = [one for one in (*both, Config.JUDGMENTS) if one in COMPARABLE]
    if not both:
        _refuse("since", gettext("The two exports have no files of the same kind."))
    return str(both[0])


def _side(export: Export, container: str, config: str) -> Side:
    parts = parts_of(export, container)
    if config not in COMPARABLE or config not in {*export.selection["configs"], Config.JUDGMENTS}:
        known = ", ".join(one for one in COMPARABLE if one in export.selection["configs"])
        _refuse(
            "config", gettext("Name a configuration that both have: %(names)s.") % {"names": known}
        )
    return Side(
        rows=in_order(_by_split(parts, config, None)),
        judgments=in_order(_by_split(parts, Config.JUDGMENTS, OF_JUDGMENTS)),
    )


def _by_split(
    parts: list[Part], config: str, columns: tuple[str, ...] | None
) -> list[Iterator[dict[str, object]]]:
    """Return the rows of each split, its shards one after another."""
    splits: dict[str, list[Part]] = {}
    for part in parts:
        if part.config == config:
            splits.setdefault(part.split, []).append(part)
    return [chain.from_iterable(part.rows(columns) for part in of) for of in splits.values()]


def _refuse(field: str, reason: str) -> None:
    raise Invalid(f"{field}: {reason}", fields={field: [reason]})

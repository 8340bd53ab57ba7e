"""Every shape of rows, by the name of its configuration."""

from collections.abc import Mapping
from typing import TypeVar

from exports.configs import Config
from exports.formats.columns import Variant
from exports.formats.variants import judgments, others, pairs

VARIANTS: dict[str, Variant] = {
    one.config: one for one in (*pairs.VARIANTS, *others.VARIANTS, judgments.VARIANT)
}
assert VARIANTS.keys() == set(Config)  # noqa: S101 - a name without a shape would be a lie

T = TypeVar("T")


def in_order(found: Mapping[str, T]) -> dict[str, T]:
    """Return what is kept by configuration in their order: pairs first, judgments last."""
    return {str(config): found[config] for config in VARIANTS if config in found}

"""Import a consumer's code from its wheel, with stand-ins for what it needs only to train."""

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from unittest.mock import MagicMock


class StandIns(MetaPathFinder, Loader):
    """Answer for modules that are not here, and for all below them."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the description of a stand-in; None of everything else."""
        if any(fullname == name or fullname.startswith(f"{name}.") for name in self._names):
            return ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return a module that has whatever it is asked for."""
        made = MagicMock(name=spec.name)
        made.__path__, made.__all__ = [], []
        return made

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is run."""


def use_wheel(folder: Path, *stand_ins: str) -> None:
    """Find packages in a folder first, and stand-ins for the modules that are named."""
    sys.path.insert(0, str(folder))
    sys.meta_path.insert(0, StandIns(stand_ins))

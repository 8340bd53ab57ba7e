"""Every trap has a test, and every test of this package is on one."""

from importlib import import_module
from inspect import getdoc, getmembers, isfunction
from pathlib import Path

from tests.exports.traps.traps import ON, TRAPS

HERE = Path(__file__).parent
MODULES = [
    import_module(f"{__package__}.{path.stem}")
    for path in sorted(HERE.glob("test_*.py"))
    if path.name != Path(__file__).name
]


def test_the_traps_are_numbered_without_a_gap():
    assert list(TRAPS) == list(range(1, len(TRAPS) + 1))
    assert len(set(TRAPS.values())) == len(TRAPS) >= 63


def test_every_trap_has_exactly_one_test():
    assert {number: len(ON.get(number, ())) for number in TRAPS} == dict.fromkeys(TRAPS, 1)
    assert ON.keys() == TRAPS.keys()


def test_every_test_is_on_a_trap_and_says_which():
    found = {
        f"{module.__name__}.{name}": test
        for module in MODULES
        for name, test in getmembers(module, isfunction)
        if name.startswith("test_") and test.__module__ == module.__name__
    }

    assert found.keys() == {name for names in ON.values() for name in names}
    assert all(getdoc(test) for test in found.values())

"""What import-linter cannot say: every module that is no layer and no Django hook is pure."""

import grimp
import pytest

LAYERS = {"admin", "api", "web", "management", "tasks", "services", "queries", "models"}
# Django or a library looks these up by name or needs them to be its own classes.
HOOKS = {
    "adapter", "apps", "authentication", "enums", "forms", "migrations", "parsers", "sessions",
    "templatetags", "urls",
}  # fmt: skip
# What they are about is Django's cache: they count in it or keep rendered text in it.
CACHES = {"labeling.accounts.tries", "labeling.ranking.rendered"}
FRAMEWORKS = {"django", "rest_framework", "celery"}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    built = grimp.build_graph("labeling", "exports", include_external_packages=True, cache_dir=None)
    # A choice is a plain string to its reader, whatever Django class it was made with; so is a
    # word, whoever translates it.
    for module in [module for module in built.modules if module.endswith((".enums", ".wording"))]:
        built.remove_module(module)
    return built


def stage_parts(module: str) -> list[str]:
    """Return the path of a module below its stage."""
    parts = module.split(".")
    return parts[1:] if parts[0] == "exports" else parts[2:]


def pure_modules(graph: grimp.ImportGraph) -> set[str]:
    return {
        module
        for module in graph.modules
        if module.split(".")[0] in {"labeling", "exports"}
        and stage_parts(module)
        and stage_parts(module)[0] not in LAYERS | HOOKS
        and module not in CACHES
    }


def test_pure_modules_import_no_framework(graph: grimp.ImportGraph) -> None:
    found = {
        (module, used)
        for module in pure_modules(graph)
        for used in graph.find_upstream_modules(module) & FRAMEWORKS
    }
    assert found == set()


def test_pure_modules_import_no_layer(graph: grimp.ImportGraph) -> None:
    found = {
        (module, used)
        for module in pure_modules(graph)
        for used in graph.find_modules_directly_imported_by(module)
        if LAYERS & set(stage_parts(used)[:1])
    }
    assert found == set()


def test_nothing_imports_a_test(graph: grimp.ImportGraph) -> None:
    assert {
        module for module in graph.modules if module.split(".")[0] in {"tests", "bench"}
    } == set()

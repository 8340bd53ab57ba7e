"""Two exports that all tests read and none changes."""

import pytest
from django.core.management import call_command
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from exports.services.folders import ready_folder
from tests.exports.conftest import export_now
from tests.exports.traps.exported import CONFIGS, Exported
from tests.exports.traps.stage import RICH, UNFIT, Case, answered, make_tokenizer


@pytest.fixture(scope="session")
def rich(made_outside) -> Exported:
    """Every configuration in every container, with all columns and all splits."""
    return made_outside(
        RICH,
        configs=(*CONFIGS, "chains"),
        containers=("parquet", "jsonl", "jsonl.gz", "csv"),
        margin="small",
        weight="agreement",
        edits="pairs",
        tokenizer="words",
        validation_share=0.25,
        test_share=0.25,
    )


@pytest.fixture(scope="session")
def unfit(made_outside) -> Exported:
    """What is left of cases that nobody can learn from; a split is asked for that nothing is in."""
    return made_outside(UNFIT, configs=tuple(CONFIGS), validation_share=1e-9)


@pytest.fixture(scope="session")
def made_outside(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
):
    """Make an export outside of any test, and leave the database as empty as it was."""
    folder = tmp_path_factory.mktemp("traps")
    make_tokenizer(folder / "models" / "words")

    def make(cases: list[Case], **selection) -> Exported:
        with (
            django_db_blocker.unblock(),
            override_settings(EXPORTS_DIR=folder / cases[0].name, MODELS_DIR=folder / "models"),
            pytest.MonkeyPatch.context() as patch,
        ):
            patch.setattr("labeling.doorbell._send", lambda task, ids: None)
            try:
                export = export_now(answered(cases), **selection)
                assert export.state == "ready", export.error
                return Exported(ready_folder(export.pk))
            finally:
                call_command("flush", verbosity=0, interactive=False)

    return make

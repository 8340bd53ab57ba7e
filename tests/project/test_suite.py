"""The run of the whole suite says what it could not try."""

import pytest

import tests.__main__ as suite

WITHOUT = "PostgreSQL's server programs (install them; initdb on the path, or of Debian)"


def test_suite_names_the_server_programs_that_the_kills_need(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(suite, "browser_path", lambda: "chromium")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    monkeypatch.setattr(suite, "programs", lambda: None)

    assert suite.missing_parts("postgres://", "redis://") == [WITHOUT]


def test_suite_stops_before_the_first_test_when_a_part_is_required_and_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REQUIRE_SERVICES", "1")
    monkeypatch.setattr(suite, "find_postgres", lambda: None)
    monkeypatch.setattr(suite, "find_redis", lambda: None)
    monkeypatch.setattr(suite, "missing_parts", lambda postgres, broker: ["a part"])

    assert suite.main([]) == 1
    assert capsys.readouterr().err == "REQUIRE_SERVICES=1 and missing: a part\n"

"""No log line holds the secret of a link that may still be used."""

import logging
from logging.config import dictConfig

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db
LINK = "/links/the-secret-of-a-link/"


@pytest.fixture
def lines(capsys):
    """What the console shows when logs are set up as in production."""
    root = logging.getLogger()
    before = root.handlers[:]
    dictConfig(settings.LOGGING)
    yield lambda: capsys.readouterr().err
    root.handlers[:] = before


def test_a_form_without_our_token_leaves_no_link_in_the_log(lines):
    assert Client(enforce_csrf_checks=True).post(LINK).status_code == 403
    shown = lines()
    assert "CSRF cookie not set.): /links/…/" in shown
    assert "the-secret" not in shown


def test_a_failure_of_ours_leaves_no_link_in_the_log(lines, monkeypatch):
    monkeypatch.setattr("labeling.accounts.web.link_for", lambda *args, **kwargs: 1 / 0)
    assert Client(raise_request_exception=False).get(LINK).status_code == 500
    shown = lines()
    assert "Internal Server Error: /links/…/" in shown
    assert "the-secret" not in shown.partition("Traceback")[0]

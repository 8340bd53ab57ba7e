"""Put files into a dataset repository of the Hub, in one commit."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from httpx2 import HTTPError
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
from huggingface_hub.constants import HUGGINGFACE_CO_URL_HOME
from huggingface_hub.errors import HfHubHTTPError, HFValidationError
from huggingface_hub.utils import validate_repo_id  # type: ignore[attr-defined]  # documented, unlisted

from exports.formats.manifest import GENERATOR
from labeling.errors import DomainError, Invalid, Kind
from labeling.wording import gettext

DATASET = "dataset"
REFUSED, CHANGED = (401, 403), 412
LONGEST_ANSWER = 500


class PushingOff(DomainError):
    """The deployment has no token for the Hub."""

    code = "pushing_off"
    kind = Kind.UNAVAILABLE


class HubRefused(DomainError):
    """The Hub was not reached, did not take the token, or did not take the files."""

    code = "hub_refused"
    kind = Kind.UNAVAILABLE


class RepoIsPublic(DomainError):
    """Everybody would see what is meant to be private."""

    code = "repo_is_public"
    kind = Kind.CONFLICT


class Commit(NamedTuple):
    """The commit that holds the files: its address, whether it is new, and who may see it."""

    url: str
    is_new: bool
    is_private: bool


def check_can_push(repo_id: str) -> None:
    """Raise PushingOff without a token, and Invalid where a repository cannot be called so."""
    if not settings.HF_TOKEN:
        raise PushingOff(
            gettext("Pushing is off: this deployment has no token for the Hub. Set HF_TOKEN.")
        )
    try:
        validate_repo_id(repo_id)
    except HFValidationError as error:
        raise _misnamed() from error
    if repo_id.count("/") != 1:
        raise _misnamed()


def commit_files(
    *,
    repo_id: str,
    private: bool,
    files: Mapping[str, Path | bytes],
    is_ours: Callable[[str], bool],
    message: str,
) -> Commit:
    """Put files into a repository, made if there is none, and take away others that are ours.

    Nothing is committed where all is there already. Who may see a repository that is there is
    never changed. Raises HubRefused, and RepoIsPublic.
    """
    endpoint = settings.HF_ENDPOINT or HUGGINGFACE_CO_URL_HOME.rstrip("/")
    name, _, version = GENERATOR.partition(" ")
    api = HfApi(endpoint, token=settings.HF_TOKEN, library_name=name, library_version=version)
    with _refusals(), _requests_unlogged():
        api.create_repo(repo_id, repo_type=DATASET, private=private, exist_ok=True)
        found = api.dataset_info(repo_id)
        if private and not found.private:
            raise RepoIsPublic(
                gettext("%(repo)s is public already. Say --public, or name another one.")
                % {"repo": repo_id}
            )
        there = api.list_repo_files(repo_id, repo_type=DATASET, revision=found.sha)
        gone = [path for path in there if is_ours(path) and path not in files]
        commit = api.create_commit(
            repo_id,
            [
                *(CommitOperationAdd(path, content) for path, content in files.items()),
                *(CommitOperationDelete(path, is_folder=False) for path in gone),
            ],
            commit_message=message,
            repo_type=DATASET,
            parent_commit=found.sha,
        )
    return Commit(commit.commit_url, commit.oid != found.sha, bool(found.private))


@contextmanager
def _refusals() -> Iterator[None]:
    """Give what the library raises the words of a refusal, without the token."""
    try:
        yield
    except (HTTPError, OSError, RuntimeError, ValueError) as error:
        raise HubRefused(_reason(error).replace(settings.HF_TOKEN, "…")) from error


@contextmanager
def _requests_unlogged() -> Iterator[None]:
    """Keep addresses out of the log: those that files are sent to are signed."""
    logger = logging.getLogger("httpx2")
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)


def _reason(error: BaseException) -> str:
    answered = _answer_behind(error)
    if answered is None:
        said = _cut(f"{error} {error.__cause__ or ''}")
        return gettext("The Hub could not be used: %(reason)s") % {"reason": said}
    status = answered.response.status_code
    if status in REFUSED:
        return gettext(
            "The Hub does not take the token. Give HF_TOKEN one that may write to the repository."
        )
    if status == CHANGED:
        return gettext("The repository was changed meanwhile. Push again.")
    said = _cut(answered.server_message or "")
    return gettext("The Hub answered %(status)d: %(reason)s") % {"status": status, "reason": said}


def _answer_behind(error: BaseException | None) -> HfHubHTTPError | None:
    """Return what the Hub answered; the library raises other errors from it while it uploads."""
    while error is not None and not isinstance(error, HfHubHTTPError):
        error = error.__cause__
    return error


def _cut(text: str) -> str:
    return " ".join(text.split())[:LONGEST_ANSWER]


def _misnamed() -> Invalid:
    reason = gettext("Name the repository as owner/name, in letters, digits, '-', '_' and '.'.")
    return Invalid(reason, fields={"repo_id": [reason]})

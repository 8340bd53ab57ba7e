"""An object of a bucket is read as the file that was published, or not at all."""

import random
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ResponseStreamingError

from annotate.storage import exports_storage
from exports.formats.manifest import FileEntry
from exports.ranges import BYTES_AT_ONCE, Span
from exports.services.bucket import Bucket, InBucket
from exports.services.stores import FileGone, StorageUnavailable, Wanted
from tests.exports.conftest import Objects

CONTENT = random.Random(1).randbytes(2 * BYTES_AT_ONCE + 7)
OTHER = bytes(len(CONTENT))
ENTRY = FileEntry("a/b.jsonl", len(CONTENT), sha256(CONTENT).hexdigest(), None, None, None)
WANTED = Wanted(ENTRY.path, ENTRY.size, ENTRY.sha256)
PLACE = "12/of-a-claim"


class Breaking:
    """A client whose answers break off after a while, some times."""

    def __init__(self, client: Any, times: int, after: int) -> None:
        self._client, self._after, self.left = client, after, times

    def get_object(self, **asked: Any) -> Any:
        answer = self._client.get_object(**asked)
        if self.left:
            self.left -= 1
            answer["Body"] = Body(answer["Body"], self._after)
        return answer


class Body:
    """Some of a body, and then the end of the connection."""

    def __init__(self, body: Any, after: int) -> None:
        self._body, self._left = body, after

    def read(self, most: int) -> bytes:
        if not self._left:
            raise ResponseStreamingError(error="broken")
        piece: bytes = self._body.read(min(most, self._left))
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        self._body.close()


class KnowsNoRanges:
    """A client whose server sends everything."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def get_object(self, **asked: Any) -> Any:
        del asked["Range"]
        return self._client.get_object(**asked)


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    return tmp_path / "copies"


@pytest.fixture
def store(bucket: Objects, tmp_path: Path, copies: Path) -> Bucket:
    """A bucket with one file in it."""
    (tmp_path / "a").mkdir()
    (tmp_path / ENTRY.path).write_bytes(CONTENT)
    found = Bucket(copies)
    found.send(tmp_path, PLACE, [ENTRY])
    return found


@pytest.fixture
def found(store: Bucket) -> InBucket:
    return store.find(PLACE, WANTED)


def read(found: InBucket, start: int = 0, stop: int = len(CONTENT)) -> bytes:
    return b"".join(found.read(Span(start, stop)))


def test_any_part_of_an_object_is_that_part(found):
    drawn = random.Random(2)
    for _ in range(20):
        start, stop = sorted(drawn.choices(range(len(CONTENT) + 1), k=2))
        assert read(found, start, stop) == CONTENT[start:stop]


def test_it_comes_in_pieces_that_are_not_larger_than_those_of_the_disk(found):
    sizes = [len(piece) for piece in found.read(Span(0, found.size))]

    assert (max(sizes), sum(sizes)) == (BYTES_AT_ONCE, len(CONTENT))


@pytest.mark.parametrize(
    "content", [OTHER, CONTENT[:-1], CONTENT], ids=["other", "shorter", "unnamed"]
)
def test_another_object_under_the_key_is_not_found(bucket, store, content):
    bucket.named("b.jsonl").put(Body=content)

    with pytest.raises(FileGone, match="Make a new export"):
        store.find(PLACE, WANTED)


def test_an_object_that_is_gone_is_not_found(bucket, store):
    bucket.named("b.jsonl").delete()

    with pytest.raises(FileGone, match="no longer where it was kept"):
        store.find(PLACE, WANTED)
    with pytest.raises(FileGone, match="no longer where it was kept"):
        store.find_all(PLACE, [WANTED])


def test_an_object_of_another_size_is_not_found_among_all(bucket, store):
    bucket.named("b.jsonl").put(Body=CONTENT[:-1])

    with pytest.raises(FileGone, match="damaged"):
        store.find_all(PLACE, [WANTED])


def test_an_object_that_is_replaced_once_it_was_found_is_not_read(bucket, store, found):
    (listed,) = store.find_all(PLACE, [WANTED])
    bucket.named("b.jsonl").put(Body=OTHER, Metadata={"sha256": ENTRY.sha256})

    for one in (found, listed):
        with pytest.raises(FileGone):
            next(one.read(Span(0, 1)))


def test_an_object_that_was_replaced_before_all_were_found_is_not_read(bucket, store):
    bucket.named("b.jsonl").put(Body=OTHER)
    (listed,) = store.find_all(PLACE, [WANTED])

    with pytest.raises(FileGone, match="damaged"):
        next(listed.read(Span(0, 1)))


def test_a_whole_object_in_answer_to_a_range_is_not_read(found):
    client = KnowsNoRanges(found.client)

    with pytest.raises(FileGone, match="damaged"):
        read(replace(found, client=client), 5)


def test_a_connection_that_breaks_is_followed_by_one_that_goes_on(found):
    client = Breaking(found.client, times=5, after=100_000)

    assert read(replace(found, client=client), 5) == CONTENT[5:]
    assert client.left == 0


def test_connections_that_break_at_once_are_given_up(found):
    with pytest.raises(StorageUnavailable, match=r"\(ResponseStreamingError\). Try again later"):
        read(replace(found, client=Breaking(found.client, times=9, after=0)))


def test_what_is_replaced_while_it_is_read_is_never_mixed(bucket, found):
    client = Breaking(found.client, times=1, after=BYTES_AT_ONCE)
    pieces = replace(found, client=client).read(Span(0, found.size))
    first = next(pieces)
    bucket.named("b.jsonl").put(Body=OTHER)

    with pytest.raises(FileGone):
        list(pieces)
    assert first == CONTENT[:BYTES_AT_ONCE]


def test_a_copy_is_read_from_anywhere_and_leaves_nothing(found, copies):
    with found.open() as copy:
        copy.seek(-3, 2)
        assert copy.read() == CONTENT[-3:]

    assert list(copies.iterdir()) == []


def test_a_copy_is_compared_with_its_checksum(bucket, store, found, tmp_path):
    bucket.named("b.jsonl").put(Body=OTHER, Metadata={"sha256": ENTRY.sha256})
    lying = store.find(PLACE, WANTED)

    with pytest.raises(FileGone, match="damaged"):
        lying.open()
    with pytest.raises(FileGone, match="damaged"):
        lying.path_in(tmp_path)


def test_what_is_beside_the_files_is_itself_or_refused(bucket, store):
    assert store.beside(PLACE, ENTRY.path) == CONTENT

    bucket.named("b.jsonl").put(Body=OTHER, Metadata={"sha256": ENTRY.sha256})
    with pytest.raises(FileGone, match="damaged"):
        store.beside(PLACE, ENTRY.path)


def test_removing_leaves_other_places_alone(bucket, store, tmp_path):
    store.send(tmp_path, f"{PLACE}-2", [ENTRY])

    store.remove(PLACE)
    store.remove(PLACE)

    assert bucket.keys == [f"{PLACE}-2/{ENTRY.path}"]


def test_a_bucket_that_is_not_there_is_named_as_the_reason(settings, s3, tmp_path, copies):
    (tmp_path / "a").mkdir()
    (tmp_path / ENTRY.path).write_bytes(CONTENT)
    settings.STORAGES = settings.STORAGES | exports_storage("s3://not-there", s3)

    with pytest.raises(StorageUnavailable, match="NoSuchBucket"):
        Bucket(copies).send(tmp_path, PLACE, [ENTRY])


def test_a_server_that_does_not_answer_is_a_refusal_without_a_key(settings, s3, copies):
    nobody = "http://127.0.0.1:9"
    settings.STORAGES = settings.STORAGES | exports_storage("s3://exports", nobody)

    with pytest.raises(StorageUnavailable, match="EndpointConnectionError") as refused:
        Bucket(copies).find(PLACE, WANTED)

    assert "of-tests" not in str(refused.value)

"""Which bytes of a file a request asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.ranges import Span, Unsatisfiable, asked_span

ETAG = '"abc"'


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-0", Span(0, 1)),
        ("bytes=2-4", Span(2, 5)),
        ("bytes=7-", Span(7, 10)),
        ("bytes=0-99", Span(0, 10)),
        ("bytes=-3", Span(7, 10)),
        ("bytes=-99", Span(0, 10)),
    ],
)
def test_a_range_is_clipped_to_the_file(header, span):
    assert asked_span(header, None, ETAG, 10) == span


@pytest.mark.parametrize(
    "header",
    [None, "", "bytes=", "bytes=-", "bytes=4-2", "bytes=0-1,3-4", "lines=1-2", "bytes=a-b",
     "bytes=٣-٤", "bytes=1-2;x", "bytes=" + "9" * 40 + "-"],
)  # fmt: skip
def test_what_is_not_one_range_gets_the_whole_file(header):
    assert asked_span(header, None, ETAG, 10) is None


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-12", "bytes=-0", "bytes=99-"])
def test_a_range_outside_the_file_is_unsatisfiable(header):
    with pytest.raises(Unsatisfiable):
        asked_span(header, None, ETAG, 10)


@pytest.mark.parametrize(
    ("if_range", "whole"),
    [
        (ETAG, False),
        ('"other"', True),
        (f"W/{ETAG}", True),
        ("Sat, 21 Nov 2026 00:00:00 GMT", True),
    ],
)
def test_a_range_of_another_version_gets_the_whole_file(if_range, whole):
    assert (asked_span("bytes=2-", if_range, ETAG, 10) is None) == whole


@given(st.integers(1, 50), st.integers(0, 60), st.integers(0, 60))
def test_a_span_always_lies_inside_the_file(size, first, last):
    try:
        span = asked_span(f"bytes={first}-{last}", None, ETAG, size)
    except Unsatisfiable:
        assert first >= size
        return
    assert span is None or 0 <= span.start < span.stop <= size

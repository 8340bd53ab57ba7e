"""A process that stands for some of the annotators; told what to do in lines of JSON.

Each annotator is a thread with a connection of its own, warmed up before the clock runs.
"""

import json
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from bench.assign.loops import Loop, Raw
from bench.assign.over_http import OneRequest, Page, TwoRequests
from bench.assign.service import Service, sweep


def main() -> None:
    """Say that this process is ready, then do what each line asks until there are no more."""
    stock = json.loads(sys.stdin.readline())
    _say({"ready": True})
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["do"] == "sweep":
            sweep()
            _say({})
        else:
            _say(_measure({**stock, **asked}))


def _measure(asked: Any) -> dict[str, Any]:
    """Let this process's annotators work at once; wait for the word to begin in between."""
    people = asked["annotators"]
    begin = threading.Barrier(len(people) + 1)
    with ThreadPoolExecutor(len(people)) as pool:
        working = [pool.submit(_work, asked, person, begin) for person in people]
        with suppress(threading.BrokenBarrierError):  # then a result raises what is wrong
            begin.wait()
            _say({"warm": True})
            sys.stdin.readline()
            begin.wait()
        done = [each.result() for each in working]
    return {
        "claims": [seconds for claims, _, _ in done for seconds in claims],
        "submits": [seconds for _, submits, _ in done for seconds in submits],
        "ends": [end for _, _, end in done],
    }


def _work(asked: Any, person: int, begin: threading.Barrier) -> tuple[list, list, float]:
    loop = _loop(asked, person)
    try:
        for _ in range(asked["warm_up"]):
            loop.submit(loop.claim())
        begin.wait()
        begin.wait()
        claims, submits = [], []
        for _ in range(asked["pairs"]):
            start = time.perf_counter()
            claimed = loop.claim()
            middle = time.perf_counter()
            loop.submit(claimed)
            claims.append(middle - start)
            submits.append(time.perf_counter() - middle)
        return claims, submits, time.perf_counter()
    except BaseException:
        begin.abort()
        raise
    finally:
        loop.close()


def _loop(asked: Any, person: int) -> Loop:
    ways: dict[str, Callable[[Any, int], Loop]] = {
        "service": Service,
        "http": TwoRequests,
        "http in one": OneRequest,
        "page": Page,
    }
    if asked["do"] in ways:
        return ways[asked["do"]](asked, person)
    return Raw(asked, person, from_head=asked["do"] == "raw from the head")


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

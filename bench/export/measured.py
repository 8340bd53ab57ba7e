"""What a block of work took: seconds, and the most memory its process ever held."""

import json
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def measured() -> Iterator[dict[str, object]]:
    """Print seconds and megabytes as JSON after the block, with what the block adds."""
    found: dict[str, object] = {}
    started, processor = time.perf_counter(), time.process_time()
    yield found
    found["seconds"] = time.perf_counter() - started
    found["processor"] = time.process_time() - processor
    found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))

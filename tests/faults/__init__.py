"""What must hold when people stall, processes die and the database is torn down under them.

Two promises are tried here, each in a small size with every run of the suite and in the full
size with ``make test-faults``:

- ``test_exactness``: eight processes play dozens of people who claim, prefetch, answer, skip, give
  back, retry, work in two windows, walk away, and come back with a token that is long over. Every
  comparison ends with exactly the judgments it wants, from that many people, and every answer that
  was acknowledged is there. The same race is run with a mutant, one guard of the engine
  taken out: it must go wrong, or the test proves nothing.
- ``test_kills``: the web server, a connection's PostgreSQL process and the whole database cluster
  are killed without warning while people answer over HTTP. No acknowledged answer is missing or
  there twice, one that was not acknowledged is there once or not at all, and the service is back
  within 30 seconds. The cluster is the test's own, so a machine without PostgreSQL's programs
  leaves it out.

``docs/reliability.md`` has the figures. ``FAULTS=full`` in the environment asks for the full size.
"""

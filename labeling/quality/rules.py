"""The limits of what people type here; plain Python."""

LONGEST_REASON = 2_000
LONGEST_SOURCE = 200

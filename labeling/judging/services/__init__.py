"""Writes of the judging stage."""

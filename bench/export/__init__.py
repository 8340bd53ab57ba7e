"""Seconds and memory of an export, beside bare loops that write the same rows."""

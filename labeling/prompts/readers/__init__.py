"""Readers: a file → its raw rows, one at a time, in bounded memory."""

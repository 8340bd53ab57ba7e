"""The files of an export: one small writer a format, all plain Python."""

"""The pipeline: one Django app for each stage, in the order in which work flows."""

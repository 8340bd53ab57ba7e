"""The promises of Annotate, as tests."""

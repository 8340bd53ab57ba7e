"""One process of a crew: works the shifts it reads from its input and reports on each."""

from importlib import import_module

import django

if __name__ == "__main__":
    django.setup()
    import_module("tests.faults.shift").serve()  # loads models, so it comes after the set-up

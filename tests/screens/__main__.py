"""Photograph every page and state of a running installation into docs/screens.

Run with ``make screens``; ``ARGS="compare rest/paused"`` takes only names that hold one of these.
"""

import os
import sys
from importlib import import_module

import django

from annotate.launch import LaunchError
from bench.stack import running

# Workers would go on with what is to be seen half done; each state does their part itself.
LEFT_OUT = ("worker", "worker-generate")
# Where managers may name model servers; nothing is ever called.
HOSTS = "hosted.models.example,lab.models.example"


def main(only: list[str]) -> int:
    os.environ["MODEL_HOSTS"] = HOSTS
    try:
        with running("embedded", without=LEFT_OUT) as stack:
            # From here on this process is one more of the installation's own.
            os.environ.update(stack.env, DJANGO_SETTINGS_MODULE="annotate.settings")
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop in this thread
            django.setup()
            problems: int = import_module("tests.screens.taking").take_all(stack.url, only)
            return problems
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

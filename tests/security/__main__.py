"""Print the table of routes, or of fields: python -m tests.security [fields]."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.security import fields, routes  # noqa: E402 - they read the URL resolver

sys.stdout.write((fields if "fields" in sys.argv else routes).table())

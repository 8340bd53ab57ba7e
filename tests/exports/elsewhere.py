"""Write exports in processes of their own, on the database of the tests."""

import os
import subprocess
import sys
from collections.abc import Mapping
from types import MappingProxyType

from django.conf import settings
from django.db import connection

from exports.models import Export

CODE = """
import sys, django
from django.conf import settings
django.setup()
settings.DATABASES['default']['NAME'] = sys.argv[1]
settings.EXPORTS_DIR = sys.argv[2]
from exports.services.writing import write_export
from labeling.clock import database_now
print('begun', flush=True)
write_export(export_id=int(sys.argv[3]), now=database_now())
"""
NOTHING: Mapping[str, str] = MappingProxyType({})


def write_elsewhere(
    export: Export, environment: Mapping[str, str] = NOTHING
) -> subprocess.Popen[str]:
    """Begin to write an export in a new process; it says `begun` once it has imported all."""
    arguments = [connection.settings_dict["NAME"], settings.EXPORTS_DIR, export.pk]
    return subprocess.Popen(
        [sys.executable, "-c", CODE, *map(str, arguments)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", **environment},
        stdout=subprocess.PIPE,
        text=True,
    )

"""Bring the catalogues up to date with the sources, compile them, and say what lacks a translation.

Run with ``make messages``, after a change of words and after each translation.
"""

import os
import sys

import django


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.languages import catalogs  # noqa: PLC0415 - needs the settings

    missing = 0
    for language in catalogs.LANGUAGES:
        for domain in catalogs.DOMAINS:
            catalog = catalogs.brought_up_to_date(language, domain)
            catalogs.file_of(language, domain).parent.mkdir(parents=True, exist_ok=True)
            catalogs.file_of(language, domain).write_bytes(catalogs.as_text(catalog))
            catalogs.file_of(language, domain, ".mo").write_bytes(catalogs.compiled(catalog))
            lacking = [message for message in catalog if not catalogs.is_translated(message)]
            missing += len(lacking)
            print(f"{language} {domain}: {len(catalog)} messages, {len(lacking)} not translated")
    catalogs.SCRIPTS.mkdir(parents=True, exist_ok=True)
    for language in catalogs.LANGUAGES:
        (catalogs.SCRIPTS / f"{language}.js").write_bytes(catalogs.script(language))
    return int(missing > 0)


if __name__ == "__main__":
    sys.exit(main())

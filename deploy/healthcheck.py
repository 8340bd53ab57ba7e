"""Ask the web server next door whether everything it needs answers; exit 1 when it does not."""

import os
import sys
import urllib.error
import urllib.request

# The site answers to its own host names only, and takes https from the proxy's word.
HEADERS = {
    "Host": os.environ["ALLOWED_HOSTS"].split(",")[0].strip(),
    "X-Forwarded-Proto": "https",
}

if __name__ == "__main__":
    request = urllib.request.Request("http://127.0.0.1:8000/readyz", headers=HEADERS)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - a fixed address
            sys.exit(0 if answer.status == 200 else 1)
    except (urllib.error.URLError, OSError) as error:
        sys.exit(f"not ready: {error}")

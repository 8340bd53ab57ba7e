"""A stand-in for S3 on loopback, which real requests are made to."""

import importlib.util
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

KEYS = {"AWS_ACCESS_KEY_ID": "of-tests", "AWS_SECRET_ACCESS_KEY": "of-tests"}
REGION = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}
BUCKET = "exports"


@contextmanager
def stand_in() -> Iterator[str]:
    """Serve an empty bucket; give the address of the server."""
    if importlib.util.find_spec("moto") is None:
        assert os.environ.get("REQUIRE_SERVICES") != "1", "REQUIRE_SERVICES=1 and no moto"
        pytest.skip("moto is not installed")
    # They take two seconds, and few tests need them.
    import boto3  # noqa: PLC0415 - as above
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - as above

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    patch = pytest.MonkeyPatch()
    for name, value in (KEYS | REGION).items():
        patch.setenv(name, value)
    client = boto3.client("s3", endpoint_url=f"http://{host}:{port}")
    client.create_bucket(Bucket=BUCKET)
    client.close()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()
        patch.undo()

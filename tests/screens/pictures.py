"""Keep pictures small: a screen is made of few colours, so each pixel is the number of one."""

import base64
import struct
import zlib
from pathlib import Path

from playwright.sync_api import Browser

PALETTE = Path(__file__).with_name("palette.js").read_text(encoding="utf-8")
MOST_COLOURS = 48
INDEXED, EIGHT_BITS = 3, 8


class Packer:
    """Turn screenshots into PNG with a palette; equal pixels give equal bytes."""

    def __init__(self, browser: Browser) -> None:
        self.page = browser.new_page()

    def pack(self, screenshot: bytes) -> bytes:
        data = base64.b64encode(screenshot).decode()
        width, height, colours, pixels = self.page.evaluate(PALETTE, [data, MOST_COLOURS])
        numbers = base64.b64decode(pixels)
        lines = (b"\0" + numbers[at : at + width] for at in range(0, len(numbers), width))
        head = struct.pack(">IIBBBBB", width, height, EIGHT_BITS, INDEXED, 0, 0, 0)
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            _chunk(name, body)
            for name, body in (
                (b"IHDR", head),
                (b"PLTE", bytes(colours)),
                (b"IDAT", zlib.compress(b"".join(lines), 9)),
                (b"IEND", b""),
            )
        )


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

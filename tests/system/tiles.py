"""A server of map pictures on loopback: each tile a plain colour of its own, and what was asked for is remembered."""

import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SIZE = 256


class Tiles:
    """The server while it runs; `asked` holds zoom, column and row of every tile."""

    def __init__(self) -> None:
        self.asked: set[tuple[int, int, int]] = set()
        asked = self.asked

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                zoom, column, row = (int(word) for word in self.path.removesuffix(".png").strip("/").split("/"))
                asked.add((zoom, column, row))
                picture = png(200 + 50 * (column % 2), 200 + 50 * (row % 2), 160)
                self.send_response(200)
                self.send_header("Content-Type", "image/png")
                self.send_header("Content-Length", str(len(picture)))
                self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Cross-Origin-Resource-Policy", "cross-origin")
                self.end_headers()
                self.wfile.write(picture)

            def log_message(self, format: str, *words: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self._thread = threading.Thread(target=self._server.serve_forever, name="tiles")
        self._thread.start()

    @property
    def url(self) -> str:
        """What the setting says."""
        return f"http://127.0.0.1:{self._server.server_port}/{{z}}/{{x}}/{{y}}.png"

    def stop(self) -> None:
        """Go away; safe to repeat."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def tiles() -> Iterator[Tiles]:
    """A server while the block lasts."""
    server = Tiles()
    try:
        yield server
    finally:
        server.stop()


def png(red: int, green: int, blue: int) -> bytes:
    """A picture of one colour."""
    rows = (b"\0" + bytes((red, green, blue)) * SIZE) * SIZE
    head = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(name, data) for name, data in parts)


def _part(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

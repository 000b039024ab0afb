"""Serve a built site as its public host does: text is compressed on the way.

python -m tools.gzip_server [FOLDER]
"""

import functools
import gzip
import sys
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SITE = Path(__file__).resolve().parent.parent / "_build" / "html"
TEXT = {".html", ".css", ".js", ".mjs", ".json", ".svg", ".txt", ".xml", ".inv", ".ipynb"}


@functools.lru_cache(maxsize=512)
def compressed(path, changed):
    """Return a file compressed; `changed` is when it was, so that no old one is sent."""
    return gzip.compress(Path(path).read_bytes(), 6)


class Handler(SimpleHTTPRequestHandler):
    """Files of a folder, compressed where that is worth it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        """Answer with a file."""
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        accepted = "gzip" in self.headers.get("Accept-Encoding", "")
        if not accepted or path.suffix not in TEXT or not path.is_file():
            super().do_GET()
            return
        body = compressed(str(path), path.stat().st_mtime_ns)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def served(folder=SITE, kind=Handler):
    """Serve a folder on this machine, at any free port; gives the address."""
    handler = functools.partial(kind, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


if __name__ == "__main__":
    with served(*map(Path, sys.argv[1:])) as address:
        input(f"{address}  (Enter ends it)\n")

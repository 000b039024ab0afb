"""The built site: where it is, which pages it has, and a server for it."""

from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

from tools import address, gzip_server

SITE = Path(__file__).parents[2] / "_build" / "html"
STATIC = SITE / "_static"
LITE = SITE / address.LITE


def html_files():
    """The pages that readers can open from wherever the site lies."""
    # The theme leaves templates of its own among the static files, and JupyterLite its own pages.
    others = {STATIC, LITE}
    found = {path for path in SITE.rglob("*.html") if not others & set(path.parents)}
    if (SITE / "sitemap.xml").exists():
        # With a public address this page finds its files from there: see test_publishing.py.
        found.remove(SITE / "404.html")
    return sorted(found)


class Quiet(SimpleHTTPRequestHandler):
    """A server that does not report what it is asked for."""

    def log_message(self, *_):
        pass


def served(folder):
    """Serve a folder, which may still be empty, on this machine; gives the address."""
    return gzip_server.served(folder, Quiet)


@contextmanager
def served_below(folder):
    """Serve the site that will be built in a folder; gives its address.

    As on GitHub's pages it is not at the top of its host.
    """
    root = folder / "served"
    root.mkdir()
    (root / "book").symlink_to(folder / "_build" / "html", target_is_directory=True)
    with served(root) as host:
        yield f"{host}book/"

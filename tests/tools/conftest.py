"""Small sites, each built once for all tests that read it: those tests share an xdist group."""

import pytest
from built import served_below
from minibook import build_pages

PAGES = [
    "book/how_to_use",
    "book/appendix/notation",
    "book/foundations/01_integrate",
    "book/rich/05_rich",
    "book/rich/08_infinite_width",
]
REPOSITORY = "https://github.com/someone/book"


@pytest.fixture(scope="session")
def known(tmp_path_factory):
    """The folder of a site that knows its addresses, and the one at which it is served."""
    folder = tmp_path_factory.mktemp("known")
    with served_below(folder) as url:
        yield build_pages(folder, PAGES, BOOK_SITE=url, BOOK_REPOSITORY=REPOSITORY), url


@pytest.fixture(scope="session")
def unknown(tmp_path_factory):
    """The folder of a site that knows no address."""
    folder = tmp_path_factory.mktemp("unknown")
    # Where git finds no repository there is no remote either.
    return build_pages(folder, PAGES, GIT_DIR=str(folder))

"""The buttons by which a page is opened to be run, and the addresses that they lead to."""

import re

import pytest
from minibook import build_pages

from tools import address, sphinx_launch

# The sites in conftest.py are built once, by the process that runs all of these.
pytestmark = pytest.mark.xdist_group("small sites")
BINDER = "https://mybinder.org/v2"
OPENED = "/public?urlpath=lab/tree/book/rich/05_rich.ipynb"


def read(site, page):
    """The text of a page."""
    return (site / f"{page}.html").read_text(encoding="utf-8")


def links(site, page):
    """Where the entries of the menus at the top of a page lead."""
    pattern = r'<a href="([^"]*)"[^>]*class="btn btn-sm[^"]*dropdown-item'
    return re.findall(pattern, read(site, page))


def test_a_notebook_is_offered_on_binder_if_its_repository_is_public_and_always_locally(
    known, unknown
):
    places = {f"{BINDER}/gh/someone/book{OPENED}": known[0], None: unknown}
    for binder, site in places.items():
        local = "../how_to_use.html#run-jupyterlab"
        downloads = ["../../_sources/book/rich/05_rich.ipynb"]
        offered = [*([binder] if binder else []), local, *downloads]
        assert links(site, "book/rich/05_rich") == offered
        assert 'id="run-jupyterlab"' in read(site, "book/how_to_use")
        assert 'title="make lab NOTEBOOK=rich/05_rich.ipynb"' in read(site, "book/rich/05_rich")
        # A page that is no notebook has nothing to run.
        downloads = ["../_sources/book/how_to_use.md"]
        assert links(site, "book/how_to_use") == downloads


@pytest.fixture(scope="module")
def printed_on_gitlab(tmp_path_factory):
    """A site of a repository on GitLab, which offers the printed book."""
    return build_pages(
        tmp_path_factory.mktemp("gitlab"),
        ["book/how_to_use", "book/rich/05_rich"],
        BOOK_REPOSITORY="git@gitlab.com:someone/book.git",
        BOOK_WITH_PDF="yes",
    )


def test_a_repository_on_gitlab_is_opened_on_binder_too(printed_on_gitlab):
    assert f"{BINDER}/gl/someone%2Fbook{OPENED}" in links(printed_on_gitlab, "book/rich/05_rich")


def test_the_printed_book_is_offered_where_the_pages_are_built_with_it(known, printed_on_gitlab):
    source = "../_sources/book/how_to_use.md"
    printed = f"../{address.PRINTED}"
    assert links(printed_on_gitlab, "book/how_to_use") == [source, printed]
    assert links(known[0], "book/how_to_use") == [source]


@pytest.mark.parametrize(
    ("remote", "repository", "site"),
    [
        ("https://github.com/Me/a.b", "https://github.com/Me/a.b", "https://me.github.io/a.b/"),
        ("https://github.com/me/a.git/", "https://github.com/me/a", "https://me.github.io/a/"),
        ("git@github.com:me/a.git", "https://github.com/me/a", "https://me.github.io/a/"),
        ("ssh://git@github.com/me/a", "https://github.com/me/a", "https://me.github.io/a/"),
        ("https://x:secret@github.com/me/a", "https://github.com/me/a", "https://me.github.io/a/"),
        ("https://github.com/me/Me.github.io", "https://github.com/me/Me.github.io", "https://me.github.io/"),
        ("git@gitlab.com:me/a.git", "https://gitlab.com/me/a", None),
        ("git@host.example:me/a.git", None, None),
        ("https://github.com.evil.example/me/a", None, None),
        ("/srv/git/a.git", None, None),
        ("", None, None),
    ],
)  # fmt: skip
def test_the_addresses_follow_from_the_git_remote(monkeypatch, remote, repository, site):
    monkeypatch.delenv("BOOK_REPOSITORY", raising=False)
    monkeypatch.delenv("BOOK_SITE", raising=False)
    monkeypatch.setattr(address, "origin", lambda: remote)
    assert address.repository() == repository
    assert address.site() == site


def test_addresses_from_the_environment_come_first(monkeypatch):
    monkeypatch.setattr(address, "origin", lambda: "git@github.com:me/a.git")
    monkeypatch.setenv("BOOK_REPOSITORY", "https://gitlab.com/you/b")
    monkeypatch.setenv("BOOK_SITE", "https://example.org/b")
    assert address.repository() == "https://gitlab.com/you/b"
    assert address.site() == "https://example.org/b/"


@pytest.mark.parametrize(
    ("name", "value", "ask"),
    [
        ("BOOK_REPOSITORY", "host.example/me/a", address.repository),
        ("BOOK_REPOSITORY", "https://github.com/me", address.repository),
        ("BOOK_SITE", "example.org/b", address.site),
    ],
)
def test_a_wrong_address_in_the_environment_is_an_error_that_says_what_is_expected(
    monkeypatch, name, value, ask
):
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=f"{name} is .*; expected .*https://"):
        ask()


@pytest.mark.parametrize(
    ("page", "ways"),
    [
        ("book/rich/05_rich", ["launch-lite", "launch-local"]),
        ("book/appendix/sweeps", ["launch-local"]),  # which needs xarray
    ],
)
def test_python_in_the_page_is_offered_where_it_has_what_a_page_needs(page, ways, monkeypatch):
    monkeypatch.setenv("BOOK_WITH_LITE", "yes")
    monkeypatch.setattr(sphinx_launch.notebooks, "put", lambda app, name: name)
    context = {"page_source_suffix": ".ipynb", "header_buttons": [], "pathto": lambda *_: ""}
    sphinx_launch.add_ways(None, page, None, context, None)
    (menu,) = context["header_buttons"]
    assert [button["label"] for button in menu["buttons"]] == ways

"""The built pages have no line of a solution or of a hidden test.

`make site-check` builds the book and runs this file; without _build/html there is nothing to test.
"""

import html
import re

import pytest
from built import SITE
from test_sources import NAMES, leaked, secrets

# One process reads the site for all of them.
pytestmark = pytest.mark.xdist_group("answers")
TAG = re.compile(r"<[^>]*>")  # pages colour code, each word in tags of its own


@pytest.fixture(scope="module")
def texts():
    """The text of each file of the site that has one, in UTF-8."""
    kinds = {".html", ".ipynb", ".md", ".txt", ".js", ".json", ".py", ".xml"}
    paths = [path for path in SITE.rglob("*") if path.suffix in kinds]
    assert paths, "there are no pages: run `make book`"
    found = {path: path.read_text(encoding="utf-8", errors="replace") for path in paths}
    return {
        path: (html.unescape(TAG.sub("", text)) if path.suffix == ".html" else text).encode()
        for path, text in found.items()
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_site_has_no_solution_and_no_hidden_test(texts, name):
    for path, text in texts.items():
        assert not leaked(text, secrets(name)), path

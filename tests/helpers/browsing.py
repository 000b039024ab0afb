"""The built site in Chromium, over http and from a file, on a desktop and on a phone.

No page may ask another host for anything or report an error: a `visit` that ends with either fails.
"""

from contextlib import contextmanager

import pytest
from built import SITE, served
from pages import DESKTOP, page_paths

from tools import gzip_server
from tools.chromium import HOW, find, launched


def start_figures(page):
    """Go to each live figure of a page, wait until it is drawn, and come back to the top."""
    for place in page.locator(".rnnbook-live").all():
        place.scroll_into_view_if_needed()
        # A figure that could not be started says so in an alert.
        place.locator(".rnnbook-figure[data-drawn], [role=alert]").first.wait_for()
    page.evaluate("scrollTo(0, 0)")


def finish_figures(page):
    """Wait until what the figures of a page compute in the background is drawn."""
    page.wait_for_function("() => !document.querySelector('.rnnbook-figure[data-busy]')")


@pytest.fixture(scope="session")
def browser():
    """Chromium. That there is none is a failure, here and in continuous integration."""
    assert page_paths(), "there are no pages: run `make book`"
    assert find(), HOW
    with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def server():
    """The address of the site over http."""
    with served(SITE) as url:
        yield url


@pytest.fixture(scope="session")
def compressed_site():
    """The address of the site from a server that compresses text, as the public one does."""
    with gzip_server.served(SITE) as url:
        yield url


@pytest.fixture(scope="session", params=["http", "file"])
def root(request):
    """The address below which the pages lie: over http, and opened from the disk."""
    return request.getfixturevalue("server") if request.param == "http" else f"{SITE.as_uri()}/"


@pytest.fixture(scope="session")
def visit(browser):
    """Open a page and wait until all on it is drawn; fails if anything went wrong on the way."""

    @contextmanager
    def visiting(root, path, device=DESKTOP, **options):
        context = browser.new_context(**device, **options)
        page = context.new_page()
        wrong = []

        def on_request(request):
            if not request.url.startswith((root, "data:", "blob:")):
                wrong.append(f"asked another host: {request.url}")

        def on_response(response):
            if response.status >= 400:
                wrong.append(f"{response.status}: {response.url}")

        def on_console(message):
            if message.type == "error":
                wrong.append(f"console: {message.text}")

        page.on("request", on_request)
        page.on("response", on_response)
        page.on("requestfailed", lambda request: wrong.append(f"failed: {request.url}"))
        page.on("console", on_console)
        page.on("pageerror", lambda error: wrong.append(f"page error: {error}"))
        page.goto(root + path, wait_until="load")
        start_figures(page)
        yield page
        found = "\n".join(wrong)  # before a picture that is still on its way is given up
        context.close()
        assert not found, found

    return visiting

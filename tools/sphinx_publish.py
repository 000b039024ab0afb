"""Sphinx extension of the book: what makes pages a site that search engines and links can read.

Each page gets a description (book/descriptions.yml) and what a preview of a link shows. Where the
address of the site is known (tools/address.py), pages say which address is theirs, the picture of
the preview is named, sitemap.xml lists them, and there is a page for addresses that do not exist.
"""

import subprocess
from html import escape
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import yaml
from bs4 import BeautifulSoup

from tools import address

ROOT = Path(__file__).resolve().parent.parent

PICTURE = "preview.png"  # drawn by tools/preview.py
SIZE = (1200, 630)
NOT_FOUND = """\
<section><h1>There is no such page</h1>
<p>The address may be old or mistyped. Start at the <a href="{front}">front page</a>, or use the
search field.</p></section>
"""


def begin(app, config):
    """Read the descriptions; give Sphinx the address, from which it makes those of the pages."""
    text = (ROOT / "book" / "descriptions.yml").read_text(encoding="utf-8")
    app.page_descriptions = yaml.safe_load(text)
    config.html_baseurl = address.site() or ""


# sphinxext-opengraph would need each description and title from here, as it takes them from the
# text and its typeset formulas; it has no size for our picture, and states a URL it does not know.
def tags(title, description, site, url):
    """Return the tags of a page for search engines and previews."""
    named = [("description", description), ("twitter:card", "summary_large_image")]
    properties = [
        ("og:type", "website"),
        ("og:site_name", "Learning to Integrate"),
        ("og:title", title),
        ("og:description", description),
    ]
    if site:
        properties += [
            ("og:url", url),
            ("og:image", f"{site}_static/{PICTURE}"),
            ("og:image:width", SIZE[0]),
            ("og:image:height", SIZE[1]),
            ("og:image:alt", "One eigenvalue leaves the bulk: Learning to Integrate"),
        ]
    lines = [f'<meta name="{key}" content="{escape(str(value))}">' for key, value in named]
    lines += [f'<meta property="{key}" content="{escape(str(v))}">' for key, v in properties]
    return "\n".join(lines)


def in_words(title):
    """Return a title that is HTML as plain text; formulas in Unicode, from their MathML."""
    title = BeautifulSoup(title, "html.parser")
    for seen in title.select(".katex-html"):
        seen.decompose()
    return title.get_text()


def add_tags(app, pagename, templatename, context, doctree):
    """Add the tags to a page."""
    site = address.site()
    context.setdefault("metatags", "")
    if site and pagename == "404":
        context["content_root"] = urlsplit(site).path  # which the extension leaves as it is
    if description := app.page_descriptions.get(pagename):
        plain = in_words(context["title"])
        url = f"{site}{pagename}.html" if site else None
        context["metatags"] += "\n" + tags(plain, description, site, url)


def add_not_found(app, site):
    """Make the page for addresses that do not exist; it works from wherever it is served."""
    path = urlsplit(site).path
    app.setup_extension("notfound.extension")
    app.config.notfound_urls_prefix = path
    app.config.notfound_context = {
        "title": "There is no such page",
        "body": NOT_FOUND.format(front=path),
    }


# sphinx-sitemap lists the search and the index unless told not to, and takes dates from another
# extension that warns, an error here, in a checkout without history: to set up both takes as much.
def changed(path):
    """Return the day on which a file was last changed in git, or None if git does not know."""
    command = ["git", "-C", str(ROOT), "log", "-1", "--format=%cs", "--", str(path)]
    return subprocess.run(command, capture_output=True, text=True).stdout.strip() or None


def list_pages(app, error):
    """Write the sitemap of a finished build."""
    site = address.site()
    if error or not site or app.builder.format != "html":
        return
    sitemap = ElementTree.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    for name in sorted(app.env.found_docs):
        entry = ElementTree.SubElement(sitemap, "url")
        ElementTree.SubElement(entry, "loc").text = f"{site}{name}.html"
        if day := changed(app.env.doc2path(name)):
            ElementTree.SubElement(entry, "lastmod").text = day
    path = Path(app.outdir) / "sitemap.xml"
    ElementTree.ElementTree(sitemap).write(path, encoding="utf-8", xml_declaration=True)


def setup(app):
    """Register with Sphinx."""
    if site := address.site():
        add_not_found(app, site)
    app.connect("config-inited", begin)
    app.connect("html-page-context", add_tags)
    app.connect("build-finished", list_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

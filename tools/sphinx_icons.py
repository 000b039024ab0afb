"""Sphinx extension of the book: the theme's icon fonts hold the icons that the pages show, only.

Font Awesome comes whole: two thousand icons, of which the book shows two dozen.
"""

import re
from pathlib import Path

from fontTools import subset

STYLE = "styles/pydata-sphinx-theme.css"
FONTS = "vendor/fontawesome/webfonts"

# In a rule of a style sheet: the letter that it shows.
LETTER = re.compile(r'content: *"\\([ef][0-9a-f]{3})"')


def rules(sheet):
    """Go through the rules of a style sheet; yields selectors and declarations of each."""
    # Not by one expression: it would try anew from each letter of the fonts that a sheet holds.
    for before in sheet.split("}"):
        rest, _, declarations = before.rpartition("{")
        yield rest.rpartition("{")[2], declarations


def letters(static, pages):
    """Return the code points of the icons that the pages, their scripts and styles name."""
    scripts = (static / "scripts").glob("*.js")
    named = set()
    for path in [*pages, *scripts]:
        named |= set(re.findall(r"fa-[\w-]+", path.read_text(encoding="utf-8")))
    used = set()
    for sheet in static.rglob("*.css"):
        for selectors, declarations in rules(sheet.read_text(encoding="utf-8")):
            classes = set(re.findall(r"\.(fa-[\w-]+)", selectors))
            if classes & named or not classes:
                used |= {int(letter, 16) for letter in LETTER.findall(declarations)}
    return used


def thin(font, unicodes):
    """Write a font anew with these letters."""
    options = subset.Options(flavor="woff2", layout_features=[])
    loaded = subset.load_font(str(font), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=unicodes)
    subsetter.subset(loaded)
    subset.save_font(loaded, str(font), options)


def thin_fonts(app, error):
    """Thin out the fonts of a finished build."""
    if error or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    pages = [path for path in Path(app.outdir).rglob("*.html") if static not in path.parents]
    unicodes = letters(static, pages)
    for font in (static / FONTS).glob("*.woff2"):
        thin(font, unicodes)


def setup(app):
    """Register with Sphinx."""
    app.connect("build-finished", thin_fonts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

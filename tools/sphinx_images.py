"""Sphinx extension of the book: pictures have their place before they are loaded.

Each picture of a page states its size, so nothing moves when it comes, and those below the first
are loaded when the reader gets near them.
"""

import re
from pathlib import Path
from urllib.parse import unquote

import imagesize

IMAGE = re.compile(r'<img(?:\s+[\w-]+(?:="[^"]*")?)*\s*/?>')
SOURCE = re.compile(r'\ssrc="([^"]+)"')
ICONS = "_static/images/"  # the theme's, as high as the line in which they stand
LOGO = "logo__image"  # stands in the side bar, before the pictures of the text


def size(path):
    """Return width and height of a picture in whole pixels of the page.

    Raises
    ------
    ValueError
        If the file does not say.
    """
    width, height = imagesize.get(str(path))
    if width <= 0 or height <= 0:
        raise ValueError(f"{path} does not say how large it is")
    return round(width), round(height)


def placed(text, folder):
    """Return the HTML of a page in `folder` with the sizes of its pictures, and when to load them.

    Icons stay as they are, and so do pictures that are no files beside the page, such as `data:`.
    """
    seen = 0

    def replace(match):
        nonlocal seen
        image = match[0]
        source = SOURCE.search(image)
        path = folder / unquote(source[1]) if source else folder
        if not path.is_file() or ICONS in source[1]:
            return image
        new = ""
        if " width=" not in image:
            new += ' width="{}" height="{}"'.format(*size(path))
        if LOGO not in image:
            seen += 1
            if seen > 1 and " loading=" not in image:
                new += ' loading="lazy" decoding="async"'
        return "<img" + new + image.removeprefix("<img")

    return IMAGE.sub(replace, text)


def place_pictures(app, error):
    """Give the pages of a finished build, when all pictures are in their folder, the sizes."""
    if error or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    for page in Path(app.outdir).rglob("*.html"):
        if static not in page.parents:
            text = page.read_text(encoding="utf-8")
            if (new := placed(text, page.parent)) != text:
                page.write_text(new, encoding="utf-8")


def setup(app):
    """Register with Sphinx."""
    app.connect("build-finished", place_pictures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

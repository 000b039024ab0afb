"""Sphinx extension of the book: pictures have their place before they are loaded.

Each picture of a page states its size, so nothing moves when it comes, and those below the first
are loaded when the reader gets near them. A figure that a cell drew has four versions, for light
and dark pages (dark_figures.py), wide and for phones (phone_figures.py); a reader loads one.
"""

import os
import re
from pathlib import Path
from urllib.parse import unquote

import imagesize
from sphinx.util import logging

from tools import dark_figures, phone_figures
from tools.kernels import STARTUP

logger = logging.getLogger(__name__)

IMAGE = re.compile(r'<img(?:\s+[\w-]+(?:="[^"]*")?)*\s*/?>')
SOURCE = re.compile(r'\ssrc="([^"]+)"')
ICONS = "_static/images/"  # the theme's, as high as the line in which they stand
LOGO = "logo__image"  # stands in the side bar, before the pictures of the text
FIGURE = re.compile(r"[0-9a-f]{64}\.svg")  # as MyST-NB names what a cell drew
PHONE = "(max-width: 600px)"
LATER = ' loading="lazy" decoding="async"'


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


def stated(path):
    """Return the attributes that state the size of a picture."""
    return ' width="{}" height="{}"'.format(*size(path))


def version(path, name):
    """Return where a version of a figure lies."""
    return path.with_name(f"{path.stem}-{name}.svg")


def write_versions(path):
    """Write the other versions of a figure beside it, as it came from its cell."""
    wide, narrow = phone_figures.unpack(path.read_text(encoding="utf-8"))
    pictures = {path: wide, version(path, "dark"): dark_figures.dark_picture(wide)}
    if narrow:
        pictures[version(path, "phone")] = narrow
        pictures[version(path, "phone-dark")] = dark_figures.dark_picture(narrow)
    elif size(path)[0] > 96 * phone_figures.WIDTH and not version(path, "phone").is_file():
        logger.warning("%s has no version for phones: was it drawn in this build?", path.name)
    for place, text in pictures.items():
        place.write_text(text, encoding="utf-8")


def picture(image, source, path, theme):
    """Return the HTML of a figure for one theme: a version for phones and a wide one."""
    ending = {"light": "", "dark": "-dark"}[theme]
    wide = path if theme == "light" else version(path, theme)
    narrow = version(path, f"phone{ending}")
    name = source.removesuffix(".svg")
    phone = ""
    if narrow.is_file():
        phone = f'<source media="{PHONE}" srcset="{name}-phone{ending}.svg"{stated(narrow)}>'
    image = image.replace(f'src="{source}"', f'src="{name}{ending}.svg"')
    image = f'<img class="dark-light"{stated(wide)}{LATER}' + image.removeprefix("<img")
    return f'<picture class="on-{theme}">{phone}{image}</picture>'


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
        sized = " width=" in image
        if FIGURE.fullmatch(path.name) and not sized:
            seen += 1
            return "".join(picture(image, source[1], path, theme) for theme in ("light", "dark"))
        new = "" if sized else stated(path)
        if LOGO not in image:
            seen += 1
            if seen > 1 and " loading=" not in image:
                new += LATER
        return "<img" + new + image.removeprefix("<img")

    return IMAGE.sub(replace, text)


def place_pictures(app, error):
    """Give the pages of a finished build, when all pictures are in their folder, the sizes."""
    if error or app.builder.format != "html":
        return
    for path in (Path(app.outdir) / "_images").glob("*.svg"):
        if FIGURE.fullmatch(path.name):
            write_versions(path)
    static = Path(app.outdir) / "_static"
    for page in Path(app.outdir).rglob("*.html"):
        if static not in page.parents:
            text = page.read_text(encoding="utf-8")
            if (new := placed(text, page.parent)) != text:
                page.write_text(new, encoding="utf-8")


def setup(app):
    """Register with Sphinx."""
    os.environ["PYTHONSTARTUP"] = str(STARTUP)  # the kernels of this build obey
    app.connect("build-finished", place_pictures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

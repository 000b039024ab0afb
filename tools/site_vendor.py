"""Lay out in site_vendor/ the third-party files that the pages load, so they ask no other host.

They come from node_modules, where `npm ci` puts what package-lock.json names. The book build copies
the folder into the site's _static folder (`html_static_path`).
"""

import base64
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
TARGET = ROOT / "site_vendor"

# Fonts in formats that only browsers of the past need.
OLD_FORMATS = re.compile(r',url\([^)]*\) format\("(?:woff|truetype)"\)')
# These and the faces of the text come within style sheets, so that they are there with the first
# picture (see tools/sphinx_site.py): words and formulas that change their width later move the
# lines below them.
IN_EVERY_FORMULA = ["KaTeX_Main-Regular", "KaTeX_Math-Italic"]
FACES = [(400, "normal"), (400, "italic"), (600, "normal"), (600, "italic")]
FACE = """\
@font-face {{
  font-family: "Source Serif 4";
  font-weight: {weight};
  font-style: {style};
  src: url("{address}") format("woff2");
}}
"""


def copy(source, target):
    """Copy one file into the folder `target` of the site, or to it if it names a file."""
    target = TARGET / target
    if not target.suffix:
        target /= source.name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def in_line(path):
    """A font as an address that holds it."""
    return f"data:font/woff2;base64,{base64.b64encode(path.read_bytes()).decode()}"


def write(text, target):
    """Write a text file of the site."""
    path = TARGET / target
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main():
    """Make the folder anew."""
    shutil.rmtree(TARGET, ignore_errors=True)

    katex = MODULES / "katex" / "dist"
    style = OLD_FORMATS.sub("", (katex / "katex.min.css").read_text(encoding="utf-8"))
    for name in IN_EVERY_FORMULA:
        path = f"fonts/{name}.woff2"
        style = style.replace(path, in_line(katex / path))
    write(style, "katex/katex.css")
    for font in katex.glob("fonts/*.woff2"):
        copy(font, "katex/fonts")

    fonts = MODULES / "@fontsource" / "source-serif-4" / "files"
    faces = [
        FACE.format(
            weight=weight,
            style=style,
            address=in_line(fonts / f"source-serif-4-latin-{weight}-{style}.woff2"),
        )
        for weight, style in FACES
    ]
    write("".join(faces), "fonts.css")


if __name__ == "__main__":
    main()

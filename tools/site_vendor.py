"""Lay out in site_vendor/ the third-party files that the pages load, so they ask no other host.

They come from node_modules, where `npm ci` puts what package-lock.json names. The book build copies
the folder into the site's _static folder (`html_static_path`).
"""

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
TARGET = ROOT / "site_vendor"

# Fonts in formats that only browsers of the past need.
OLD_FORMATS = re.compile(r',url\([^)]*\) format\("(?:woff|truetype)"\)')
FACES = ["400-normal", "400-italic", "600-normal", "600-italic"]


def copy(source, target):
    """Copy one file into the folder `target` of the site, or to it if it names a file."""
    target = TARGET / target
    if not target.suffix:
        target /= source.name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def write(text, target):
    """Write a text file of the site."""
    path = TARGET / target
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main():
    """Make the folder anew."""
    shutil.rmtree(TARGET, ignore_errors=True)

    katex = MODULES / "katex" / "dist"
    style = (katex / "katex.min.css").read_text(encoding="utf-8")
    write(OLD_FORMATS.sub("", style), "katex/katex.css")
    for font in katex.glob("fonts/*.woff2"):
        copy(font, "katex/fonts")

    fonts = MODULES / "@fontsource" / "source-serif-4"
    for face in FACES:
        copy(fonts / "files" / f"source-serif-4-latin-{face}.woff2", "fonts")


if __name__ == "__main__":
    main()

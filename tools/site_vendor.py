"""Lay out in site_vendor/ the third-party files that the pages load, so they ask no other host.

They come from node_modules, where `npm ci` puts what package-lock.json names. The book build copies
the folder into the site's _static folder (`html_static_path`).
"""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
TARGET = ROOT / "site_vendor"

FACES = ["400-normal", "400-italic", "600-normal", "600-italic"]


def copy(source, target):
    """Copy one file into the folder `target` of the site, or to it if it names a file."""
    target = TARGET / target
    if not target.suffix:
        target /= source.name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def main():
    """Make the folder anew."""
    shutil.rmtree(TARGET, ignore_errors=True)

    # Of MathJax's bundles the one in use, and all parts that this one may load later.
    mathjax = MODULES / "mathjax" / "es5"
    copy(mathjax / "tex-chtml.js", "mathjax")
    for part in ("a11y", "input", "output", "sre", "ui"):
        shutil.copytree(mathjax / part, TARGET / "mathjax" / part)

    fonts = MODULES / "@fontsource" / "source-serif-4"
    for face in FACES:
        copy(fonts / "files" / f"source-serif-4-latin-{face}.woff2", "fonts")


if __name__ == "__main__":
    main()

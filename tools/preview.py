"""Draw the picture that a preview of a link to the book shows.

python -m tools.preview
"""

from pathlib import Path

from tools.chromium import launched
from tools.logo import LIGHT, mark, style
from tools.sphinx_publish import PICTURE, SIZE

ROOT = Path(__file__).resolve().parent.parent

PAGE = """<!DOCTYPE html>
<html lang="en"><style>
{faces}
body {{ margin: 0; width: {width}px; height: {height}px; background: #fbfaf7; color: #1d2430;
  font-family: "Source Serif 4", serif; display: flex; align-items: center; }}
svg {{ flex: none; width: 400px; margin: 0 56px 0 60px; }}
h1 {{ font-size: 84px; line-height: 1.05; margin: 0 0 28px; font-weight: 600; }}
p {{ font-size: 34px; line-height: 1.35; margin: 0 60px 0 0; }}
</style>{logo}<div><h1>Learning<br>to Integrate</h1>
<p>How recurrent networks learn long timescales: derived, simulated, and yours to move.</p></div>
</html>"""


def main():
    """Write the picture."""
    logo = mark((108, 72), (36, 36), 31, 36, 3.6, (99, 36), 8, style(LIGHT))
    width, height = SIZE
    faces = (ROOT / "site_vendor" / "fonts.css").read_text(encoding="utf-8")
    with launched() as browser:
        page = browser.new_context(viewport={"width": width, "height": height}).new_page()
        page.set_content(PAGE.format(width=width, height=height, logo=logo, faces=faces))
        page.evaluate("document.fonts.ready")
        page.screenshot(path=ROOT / "site_static" / PICTURE)


if __name__ == "__main__":
    main()

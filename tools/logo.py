"""Draw the book's logo and favicon: eigenvalues of a network, and one that has left the rest."""

from math import cos, pi, sin, sqrt
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "site_static"

LIGHT = ("#0072B2", "#D55E00")  # of the bulk and of the outlier, as in the figures
DARK = ("#56B4E9", "#E98A3C")


def mark(size, bulk, radius, count, dot, outlier, big, style):
    """Return an SVG image: `count` dots in a disc around `bulk`, and a big one at `outlier`."""
    golden_angle = pi * (3 - sqrt(5))
    dots = []
    for k in range(count):
        r, angle = radius * sqrt((k + 0.5) / count), k * golden_angle
        x, y = bulk[0] + r * cos(angle), bulk[1] + r * sin(angle)
        dots.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{dot}"/>')
    rows = ["".join(dots[k : k + 3]) for k in range(0, count, 3)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" '
            f'viewBox="0 0 {size[0]} {size[1]}">',
            f"<style>{style}</style>",
            '<g class="bulk">',
            *rows,
            "</g>",
            f'<circle class="outlier" cx="{outlier[0]}" cy="{outlier[1]}" r="{big}"/>',
            "</svg>\n",
        ]
    )


def style(colours):
    """Return the style sheet that gives bulk and outlier their colours."""
    return f".bulk {{ fill: {colours[0]} }} .outlier {{ fill: {colours[1]} }}"


def main():
    """Write the three files."""
    logo = ((108, 72), (36, 36), 31, 36, 3.6, (99, 36), 8)
    (TARGET / "logo.svg").write_text(mark(*logo, style(LIGHT)))
    (TARGET / "logo-dark.svg").write_text(mark(*logo, style(DARK)))
    both = f"{style(LIGHT)} @media (prefers-color-scheme: dark) {{ {style(DARK)} }}"
    favicon = ((32, 32), (11, 16), 9, 12, 1.9, (27, 16), 4)
    (TARGET / "favicon.svg").write_text(mark(*favicon, both))


if __name__ == "__main__":
    main()

"""Dark versions of figures: each colour of a picture becomes the one that it has on a dark page.

Colours of roles, paper, ink and grid are those of rnnbook/plots/style.py. Of any other the
lightness is turned around in OKLab, from paper to ink, and the hue stays; what has a hue is made
light enough to be seen. Pixels inside a picture, such as those of a map, turn likewise.
"""

import io
import re
from base64 import b64decode, b64encode

import numpy as np
from PIL import Image

from rnnbook.plots import style

CONTRAST = 4.5  # WCAG asks 3 of graphics, but lines are thin
GRAY = 0.03  # chroma in OKLab below which a colour is grey

TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(rgb):
    """Turn sRGB between 0 and 1 into linear light."""
    return np.where(rgb <= 0.04045, rgb / 12.92, ((np.maximum(rgb, 0) + 0.055) / 1.055) ** 2.4)


def encoded(light):
    """Turn linear light into sRGB, which may lie outside 0 to 1."""
    return np.where(
        light <= 0.0031308, 12.92 * light, 1.055 * np.maximum(light, 0) ** (1 / 2.4) - 0.055
    )


def oklab(rgb):
    """Turn sRGB into lightness and two coordinates of hue and chroma."""
    return np.cbrt(linear(rgb) @ TO_CONES.T) @ TO_LAB.T


def srgb(lab):
    """Turn OKLab into sRGB, with as much of its chroma as there is."""
    chroma = np.ones_like(lab[..., :1])
    for _ in range(12):
        lms = (lab * np.concatenate([chroma * 0 + 1, chroma, chroma], -1)) @ np.linalg.inv(TO_LAB).T
        rgb = encoded(lms**3 @ np.linalg.inv(TO_CONES).T)
        outside = ((rgb < -1e-3) | (rgb > 1 + 1e-3)).any(-1, keepdims=True)
        if not outside.any():
            break
        chroma = np.where(outside, 0.85 * chroma, chroma)
    return np.clip(rgb, 0, 1)


def parse(color):
    """Turn a colour such as #0072b2 into three numbers between 0 and 1."""
    return np.array([int(color[k : k + 2], 16) for k in (1, 3, 5)]) / 255


def written(rgb):
    """Turn three numbers between 0 and 1 into a colour such as #0072b2."""
    return "#" + "".join(f"{round(255 * value):02x}" for value in rgb)


def contrast(one, other):
    """Ratio of contrast of two colours such as #0072b2, between 1 and 21."""
    luminance = [0.05 + linear(parse(color)) @ [0.2126, 0.7152, 0.0722] for color in (one, other)]
    return max(luminance) / min(luminance)


PAPER, INK = style.PAPER[1].lower(), style.ROLES["theory"][1].lower()
PAIRS = [*style.ROLES.values(), style.PAPER, style.GRID]
TABLE = {light.lower(): dark.lower() for light, dark in PAIRS}
DARKEST, LIGHTEST = (oklab(parse(color))[0] for color in (PAPER, INK))


def turned(rgb):
    """Turn the lightness of colours around: black becomes ink and white the dark paper."""
    lab = oklab(rgb)
    lab[..., 0] = LIGHTEST + (DARKEST - LIGHTEST) * lab[..., 0]
    return srgb(lab)


def dark(color):
    """Return the colour on a dark page of one on a white page, both such as #0072b2."""
    color = color.lower()
    if color in TABLE:
        return TABLE[color]
    lab = oklab(parse(color))
    if np.hypot(*lab[1:]) < GRAY:
        # A grey stands out as much as it did.
        wanted, lab[0] = contrast(color, "#ffffff"), DARKEST
    else:
        wanted, lab = CONTRAST, oklab(turned(parse(color)))
    while contrast(written(srgb(lab)), PAPER) < wanted and lab[0] < LIGHTEST:
        lab[0] += 0.005
    return written(srgb(lab))


def dark_pixels(match):
    """Turn the pixels of a picture inside a picture."""
    image = Image.open(io.BytesIO(b64decode(match[2]))).convert("RGBA")
    pixels = np.asarray(image) / 255
    pixels = np.concatenate([turned(pixels[..., :3]), pixels[..., 3:]], -1)
    out = io.BytesIO()
    Image.fromarray(np.round(255 * pixels).astype(np.uint8)).save(out, "PNG", optimize=True)
    return match[1] + b64encode(out.getvalue()).decode() + '"'


COLOR = re.compile(r"((?:fill|stroke|stop-color): ?)(#[0-9a-fA-F]{6})\b")
PIXELS = re.compile(r'(href="data:image/png;base64,)([^"]+)"')


def dark_picture(text):
    """Return the dark version of a figure, both as SVG."""
    known = {color: dark(color) for _, color in set(COLOR.findall(text))}
    text = COLOR.sub(lambda match: match[1] + known[match[2]], text)
    text = PIXELS.sub(dark_pixels, text)
    # What names no colour is black.
    return re.sub(r"<svg\b", f'<svg fill="{INK}"', text, count=1)

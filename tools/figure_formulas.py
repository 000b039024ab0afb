"""Formulas in figures are parsed once: for kernels of a build, which draw each figure twice.

matplotlib makes a parser for each renderer, a figure has three, and each label of an axis is a
formula: to parse all of them again takes nearly half of the time in which a figure is drawn.
"""

from functools import lru_cache, wraps

# What a formula looks like depends on these settings too.
SETTINGS = ("mathtext.default", "mathtext.fontset", "text.antialiased", "text.hinting")


def install():
    """Keep the formulas that matplotlib has parsed."""
    from matplotlib import rcParams
    from matplotlib.mathtext import MathTextParser

    parse = MathTextParser.parse
    # One for paths, and one for pixels; a formula is looked up as the parser itself does.
    parsers = {}

    @lru_cache(1000)
    def parsed(kind, settings, s, dpi, prop, antialiased):
        return parse(parsers[kind], s, dpi, prop, antialiased=antialiased)

    @wraps(parse)
    def remembered(self, s, dpi=72, prop=None, *, antialiased=None):
        kind = self._output_type
        parsers.setdefault(kind, self)
        settings = tuple(rcParams[name] for name in SETTINGS)
        return parsed(kind, settings, s, dpi, prop if prop is None else prop.copy(), antialiased)

    MathTextParser.parse = remembered

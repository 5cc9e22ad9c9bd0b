"""What a terminal makes of text with SGR colours: a grid of cells, then a picture."""

import re
import unicodedata

import numpy as np

# Quarters that a glyph covers: top left, top right, bottom left, bottom right.
GLYPHS = {
    " ": (0, 0, 0, 0), "█": (1, 1, 1, 1), "▌": (1, 0, 1, 0), "▐": (0, 1, 0, 1), "▀": (1, 1, 0, 0), "▄": (0, 0, 1, 1),
    "▘": (1, 0, 0, 0), "▝": (0, 1, 0, 0), "▖": (0, 0, 1, 0), "▗": (0, 0, 0, 1), "▚": (1, 0, 0, 1), "▞": (0, 1, 1, 0),
    "▛": (1, 1, 1, 0), "▜": (1, 1, 0, 1), "▙": (1, 0, 1, 1), "▟": (0, 1, 1, 1),
}
# The 16 colours as xterm has them.
BASE = [(0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
        (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
        (255, 255, 255)]
# Colours of text without any: foreground, background.
THEMES = {"dark": ((204, 204, 204), (0, 0, 0)), "light": ((0, 0, 0), (255, 255, 255))}

ESCAPE = re.compile(r"\x1b\[([0-9;:?]*)([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b.")


def palette(index):
    """The colour of an entry of the 256-colour palette."""
    if index < 16:
        return BASE[index]
    if index >= 232:
        return (8 + 10 * (index - 232),) * 3
    steps = (0, 95, 135, 175, 215, 255)
    index -= 16
    return steps[index // 36], steps[index // 6 % 6], steps[index % 6]


class Style:
    """Foreground, background and reverse video while text is read."""

    def __init__(self, theme):
        self.theme = THEMES[theme]
        self.reset()

    def reset(self):
        self.fg, self.bg = self.theme
        self.reverse = False

    def apply(self, parameters):
        codes = [int(code or 0) for code in re.split("[;:]", parameters)]
        while codes:
            code = codes.pop(0)
            if code == 0:
                self.reset()
            elif code in (7, 27):
                self.reverse = code == 7
            elif code in (38, 48):
                kind = codes.pop(0)
                colour = palette(codes.pop(0)) if kind == 5 else tuple(codes.pop(0) for _ in range(3))
                self.ground(code, colour)
            elif code in (39, 49):
                self.ground(code - 1, self.theme[code == 49])
            elif code // 10 in (3, 4, 9, 10):
                self.ground(38 if code // 10 in (3, 9) else 48, BASE[code % 10 + 8 * (code >= 90)])

    def ground(self, code, colour):
        if code == 38:
            self.fg = colour
        else:
            self.bg = colour

    def cell(self, glyph):
        fg, bg = (self.bg, self.fg) if self.reverse else (self.fg, self.bg)
        return glyph, fg, bg


def cells(text, theme="dark"):
    """Lines of cells (glyph, foreground, background), filled up with blanks to one width."""
    style = Style(theme)
    lines = []
    for line in text.split("\n"):
        row, at = [], 0
        while at < len(line):
            escape = ESCAPE.match(line, at)
            if escape:
                if escape.group(2) == "m":
                    style.apply(escape.group(1))
                at = escape.end()
                continue
            glyph = line[at]
            at += 1
            if glyph == "\r" or unicodedata.combining(glyph):
                continue
            row.append(style.cell(glyph))
            if unicodedata.east_asian_width(glyph) in "WF":
                row.append(style.cell(" "))
        lines.append(row)
    blank = (" ", *THEMES[theme])
    width = max((len(line) for line in lines), default=0)
    return [line + [blank] * (width - len(line)) for line in lines]


def picture(lines, width=10, height=20, gap=0, theme="dark", draw=None):
    """Cells as grey pixels, a uint8 array: cells of `width` x `height`, `gap` pixels of background under each line.

    `draw(glyph)` gives a glyph's coverage as floats 0 to 1 in a height x width array; without it block glyphs are
    drawn exactly and other glyphs not at all.
    """
    draw = draw or (lambda glyph: exact(glyph, width, height))
    high, wide = len(lines), len(lines[0]) if lines else 0
    image = np.full((high * (height + gap), wide * width), grey(THEMES[theme][1]), dtype=np.float32)
    drawn = {}
    for y, line in enumerate(lines):
        for x, cell in enumerate(line):
            if cell not in drawn:
                glyph, fg, bg = cell
                ink = draw(glyph)
                tile = np.full((height + gap, width), grey(bg), dtype=np.float32)
                tile[:height] = grey(bg) + (grey(fg) - grey(bg)) * ink
                drawn[cell] = tile
            image[y * (height + gap):(y + 1) * (height + gap), x * width:(x + 1) * width] = drawn[cell]
    return np.clip(image + 0.5, 0, 255).astype(np.uint8)


def exact(glyph, width, height):
    """A block glyph's quarters to the pixel."""
    ink = np.zeros((height, width), dtype=np.float32)
    quarters = GLYPHS.get(glyph, (0, 0, 0, 0))
    top, left = (height + 1) // 2, (width + 1) // 2
    ink[:top, :left], ink[:top, left:], ink[top:, :left], ink[top:, left:] = quarters
    return ink


def grey(colour):
    red, green, blue = colour
    return 0.299 * red + 0.587 * green + 0.114 * blue

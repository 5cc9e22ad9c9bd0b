#!/usr/bin/env python3
"""Decode rates of our barcodes in a terminal beside the official app's drawing, in the same pictures.

    npm install --prefix benches/scan && python3 benches/scan/compare.py [ROOM...]

ROOM is a terminal such as 80x24, with the lines of text that the view has there. Without one: 80x24 100x30 120x40.
`--shape C,L,W,H` measures a shape instead: data columns, level, module width and row height in half cells.
Each picture exists once for each drawing, with the same camera, effect and random numbers; modules are as wide in all.
`--frame` moves the camera back until the symbol fits a frame of 4 to 3 that bwip-js fills from side to side.
A run takes some minutes. A rate compares drawings in these pictures and promises nothing about a given scanner.
Needs zxing-cpp, numpy, Pillow, node and the font DejaVu Sans Mono. Prints JSON with --json.
"""

import argparse
import collections
import concurrent.futures
import functools
import json
import math
import pathlib
import random
import subprocess
import sys

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / "tests" / "scan"))

import camera  # noqa: E402
import terminal  # noqa: E402

# Terminals: size of a cell drawn exactly, or size of a font.
SCREENS = [("exact", 10, 20), ("exact", 8, 16), ("exact", 5, 10), ("font", 13), ("font", 17)]
FONT = "DejaVuSansMono.ttf"
MARGIN_MODULES = 8
# Pixels of a module of bwip-js, and the modules that a camera's frame of 4 to 3 holds with --frame.
BWIP_MODULE = 6
FRAME = (107, 80)


def text_lines(lines):
    """Balances and freshness; the keys, too, where the barcode gets no worse by it."""
    return 2 if lines < 25 else 3


def payloads(count):
    generator = random.Random(417)
    return ["".join(generator.choices("0123456789", k=22)) for _ in range(count)]


def ours(requests):
    command = ["cargo", "run", "--quiet", "--example", "layouts"]
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    output = subprocess.run(command, input=lines, text=True, capture_output=True, cwd=HERE, check=True).stdout
    return [json.loads(line) for line in output.splitlines()]


def theirs(texts):
    output = subprocess.run(["node", HERE / "bwip.cjs"], input="\n".join(texts), text=True, capture_output=True, check=True)
    return [np.array(json.loads(line), dtype=np.uint8) for line in output.stdout.splitlines()]


@functools.cache
def font_glyphs(size):
    """Width and height of a cell of the font, and its glyphs drawn in it."""
    font = ImageFont.truetype(FONT, size)
    ascent, descent = font.getmetrics()
    width, height = round(font.getlength("M")), ascent + descent

    @functools.cache
    def draw(glyph):
        image = Image.new("L", (width, height))
        ImageDraw.Draw(image).text((0, ascent), glyph, fill=255, font=font, anchor="ls")
        return np.asarray(image, dtype=np.float32) / 255

    return width, height, draw


@functools.cache
def screen_of_text(text, screen, module_width):
    """Cells → screen pixels with dark margins, and the width of a module in them."""
    if screen[0] == "font":
        width, height, draw = font_glyphs(screen[1])
    else:
        (_, width, height), draw = screen, None
    module = width * module_width / 2
    image = terminal.picture([line for line in terminal.cells(text) if any(bg[0] for _, _, bg in line)], width, height, draw=draw)
    return np.pad(image, round(MARGIN_MODULES * module)), module


def screen_of_modules(rows):
    """bwip-js's modules → screen pixels with the same quiet zone and margins."""
    image = np.pad(255 * (1 - rows), 2, constant_values=255).astype(np.uint8)
    image = np.pad(image, MARGIN_MODULES)
    return np.kron(image, np.ones((BWIP_MODULE, BWIP_MODULE), dtype=np.uint8)), BWIP_MODULE


def framed(scale, image, module, frame):
    """Camera pixels a module when the camera holds all of the symbol in a frame (in modules)."""
    height, width = (side / module - 2 * MARGIN_MODULES for side in image.shape)
    return scale * min(frame[0] / width, frame[1] / height)


def cases(repeats):
    return [(screen, scale, effect, strength, seed)
            for screen in range(len(SCREENS)) for scale in camera.SCALES for effect, strength in camera.EFFECTS
            for seed in repeats]


WORK = {}


def shoot(job):
    """0 for no barcode, 1 for the right text, 2 for another, for one drawing in one picture."""
    name, case = job
    screen, scale, effect, strength, repeat = case
    seed = [screen, int(scale * 10), hash_of(effect), int(strength * 100), repeat]
    at = sum(seed) % len(WORK["payloads"])
    drawing = WORK["drawings"][name][at]
    if isinstance(drawing, dict):
        image, module = screen_of_text(drawing["text"], SCREENS[screen], drawing["module_width"])
    else:
        image, module = screen_of_modules(drawing)
    if WORK["frame"]:
        scale = framed(scale, image, module, WORK["frame"])
    photo = camera.photograph(image, module, scale, effect, strength, seed)
    found = zxingcpp.read_barcodes(photo, formats=zxingcpp.BarcodeFormat.PDF417)
    if not found:
        return 0
    return 1 if all(barcode.text == WORK["payloads"][at] for barcode in found) else 2


def hash_of(text):
    return sum(map(ord, text))


def measure(drawings, texts, repeats, frame=None):
    """Results of shoot for each drawing, in the order of cases."""
    WORK.update(drawings=drawings, payloads=texts, frame=frame)
    all_cases = cases(repeats)
    results = {}
    with concurrent.futures.ProcessPoolExecutor() as pool:  # forks, so that WORK is there
        for name in drawings:
            jobs = [(name, case) for case in all_cases]
            results[name] = np.array(list(pool.map(shoot, jobs, chunksize=28)))
    return all_cases, results


def difference(one, other):
    """Points that `one` is ahead, and the 95 % error of that, picture by picture."""
    each = 100 * ((one == 1).astype(float) - (other == 1))
    return each.mean(), 1.96 * each.std(ddof=1) / math.sqrt(len(each))


def by_effect(all_cases, result):
    groups = collections.defaultdict(list)
    for (_, _, effect, _, _), one in zip(all_cases, result):
        groups[effect].append(one == 1)
    return {effect: 100 * float(np.mean(right)) for effect, right in groups.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rooms", nargs="*", metavar="ROOM")
    parser.add_argument("--shape", action="append", default=[], metavar="C,L,W,H")
    parser.add_argument("--repeats", type=int, default=2, help="pictures a case (2: 2,320 a drawing)")
    parser.add_argument("--seed", type=int, default=0, help="other random numbers")
    parser.add_argument("--frame", action="store_true")
    parser.add_argument("--effects", action="store_true", help="the rates by effect, too")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    texts = payloads(8)
    repeats = range(arguments.seed, arguments.seed + arguments.repeats)
    requests = {}
    for room in arguments.rooms or ([] if arguments.shape else ["80x24", "100x30", "120x40"]):
        columns, lines = map(int, room.split("x"))
        requests[room] = {"room": [columns, lines - text_lines(lines)]}
    for shape in arguments.shape:
        requests[shape] = {"shape": list(map(int, shape.split(",")))}
    answers = iter(ours([{"payload": text, **request} for request in requests.values() for text in texts]))
    drawings = {"bwip-js": theirs(texts)}
    drawings.update({name: [next(answers) for _ in texts] for name in requests})
    all_cases, results = measure(drawings, texts, repeats, FRAME if arguments.frame else None)

    report = []
    for name, result in results.items():
        ahead, error = difference(result, results["bwip-js"])
        row = {"drawing": name, "pictures": len(result), "rate": 100 * float(np.mean(result == 1)),
               "ahead": float(ahead), "error": float(error), "misread": int(np.sum(result == 2)),
               "effects": by_effect(all_cases, result)}
        if name != "bwip-js":
            row.update({key: drawings[name][0][key] for key in ("columns", "level", "module_width", "row_height", "cells")})
        report.append(row)
    if arguments.json:
        print(json.dumps(report))
        return
    for row in report:
        cells = "{}x{} cells, {} columns, level {}, {} half lines a row".format(
            *row["cells"], row["columns"], row["level"], row["row_height"]) if "cells" in row else "2 columns, level 2"
        print(f"{row['drawing']:>10} {row['rate']:5.1f} % of {row['pictures']}, {row['ahead']:+5.1f} ± {row['error']:.1f}, "
              f"{row['misread']} misread ({cells})")
        if arguments.effects:
            print("           " + "  ".join(f"{effect} {rate:.0f}" for effect, rate in row["effects"].items()))


if __name__ == "__main__":
    main()

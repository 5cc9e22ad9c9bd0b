#!/usr/bin/env python3
"""Decode rates of our barcodes in a terminal beside the official app's drawing, in the same pictures.

    npm install --prefix benches/scan && pip install -r benches/scan/requirements.txt
    python3 benches/scan/compare.py [AREA...]

AREA is a terminal such as 80x24, with the lines of text that the view has there; without one: 80x24 100x30 120x40.
`--layout C,L,W,H` measures a layout instead: data columns, level, module width in half cells, lines a row; `pixels:C,L,H`
draws rows of H modules' height without cells.

Each picture exists once for each drawing, with the same camera, pose, light and random numbers, and modules as wide; and
once more from so far away that the camera's frame holds all of the symbol. The camera is that of a till (till.py), or
with `--camera plain` one of single faults (camera.py). The pictures are read by zxing-cpp and, every third of them, by
pdf417decoder, which shares no code with it. A rate compares drawings in these pictures and promises nothing about a
given scanner. Needs node and the font DejaVu Sans Mono, takes some minutes, and prints JSON with --json.
"""

import argparse
import concurrent.futures
import functools
import json
import math
import os
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
import independent  # noqa: E402
import terminal  # noqa: E402
import till  # noqa: E402

CAMERAS = {"till": till, "plain": camera}

# Terminals: size of a cell drawn exactly, or size of a font.
SCREENS = [("exact", 10, 20), ("exact", 8, 16), ("exact", 5, 10), ("font", 13), ("font", 17)]
FONT = "DejaVuSansMono.ttf"
MARGIN_MODULES = 8
# Pixels of a module where there are no cells.
PIXELS_MODULE = 6
# Balances, freshness and keys.
TEXT_LINES = 3
# pdf417decoder takes a second a picture: it reads one in so many.
INDEPENDENT_EACH = 3
READERS = ("zxing-cpp", "pdf417decoder")


def payloads(count):
    generator = random.Random(417)
    return ["".join(generator.choices("0123456789", k=22)) for _ in range(count)]


def ours(requests):
    command = ["cargo", "run", "--quiet", "--example", "layouts"]
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    output = subprocess.run(command, input=lines, text=True, capture_output=True, cwd=HERE, check=True).stdout
    return [json.loads(line) for line in output.splitlines()]


def bwip(texts, columns=2, level=2, rows=None):
    command = ["node", HERE / "bwip.cjs", str(columns), str(level), str(rows or 0)]
    output = subprocess.run(command, input="\n".join(texts), text=True, capture_output=True, check=True).stdout
    return [np.array(json.loads(line), dtype=np.uint8) for line in output.splitlines()]


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


def screen_of_text(text, screen, module_width):
    """Cells → screen pixels with dark margins, the width of a module in them, the symbol's width and height in modules."""
    if screen[0] == "font":
        width, height, draw = font_glyphs(screen[1])
    else:
        (_, width, height), draw = screen, None
    module = width * module_width / 2
    lines = [line for line in terminal.cells(text) if any(bg[0] for _, _, bg in line)]
    image = terminal.picture(lines, width, height, draw=draw)
    return np.pad(image, round(MARGIN_MODULES * module)), module, (image.shape[1] / module, image.shape[0] / module)


def screen_of_modules(rows, row_modules):
    """Modules → screen pixels with a quiet zone of two modules and dark margins."""
    image = np.pad(np.repeat(255 * (1 - rows), row_modules, axis=0), 2, constant_values=255).astype(np.uint8)
    frame = image.shape[1], image.shape[0]
    image = np.pad(image, MARGIN_MODULES)
    return np.kron(image, np.ones((PIXELS_MODULE, PIXELS_MODULE), dtype=np.uint8)), PIXELS_MODULE, frame


WORK = {}


@functools.lru_cache(maxsize=8)
def screen_of(name, screen, at):
    """The light of one drawing of one payload on one screen, the width of a module in it, the symbol's size."""
    drawing = WORK["drawings"][name][at]
    if isinstance(drawing, dict):
        image, module, frame = screen_of_text(drawing["text"], SCREENS[screen], drawing["module_width"])
    else:
        image, module, frame = screen_of_modules(*drawing)
    return WORK["camera"].light(image), module, frame


def by_zxing(photo):
    return [barcode.text for barcode in zxingcpp.read_barcodes(photo, formats=zxingcpp.BarcodeFormat.PDF417)]


def shoot(job):
    """For one drawing in one case, for each reader, near and away: 0 for no barcode, 1 for the right text, 2 for another,
    None where it was not asked."""
    name, case = job
    at = case["number"] // len(SCREENS) % len(WORK["payloads"])
    photos = WORK["camera"].photographs(*screen_of(name, case["number"] % len(SCREENS), at), case)

    def result(read, photo):
        found = read(photo)
        return 0 if not found else 1 if all(text == WORK["payloads"][at] for text in found) else 2

    def results(read):
        near = result(read, photos[0])
        return near, near if photos[1] is photos[0] else result(read, photos[1])

    asked = case["number"] % INDEPENDENT_EACH == 0
    return results(by_zxing), results(independent.texts) if asked else (None, None)


def measure(camera_model, drawings, texts, all_cases, processes):
    """Results of shoot for each drawing, in the order of cases: cases x readers x near and away."""
    WORK.update(camera=camera_model, drawings=drawings, payloads=texts)
    # Those on the same screen one after another.
    order = sorted(range(len(all_cases)), key=lambda i: all_cases[i]["number"] % (len(SCREENS) * len(texts)))
    results = {}
    with concurrent.futures.ProcessPoolExecutor(processes) as pool:  # forks, so that WORK is there
        for name in drawings:
            found = pool.map(shoot, [(name, all_cases[i]) for i in order], chunksize=20)
            results[name] = np.array([one for _, one in sorted(zip(order, found))], dtype=float)
    return results


def difference(one, other):
    """Points that `one` is ahead, and the standard error of that, picture by picture."""
    each = 100 * ((one == 1).astype(float) - (other == 1))
    return float(each.mean()), float(each.std(ddof=1) / math.sqrt(len(each)))


def summary(found, floor, pictures):
    """Rate, lead over bwip-js and misreads of each reader, near and away, in the pictures that are picked."""
    rows = {}
    for reader, name in enumerate(READERS):
        for way, where in enumerate(("near", "away")):
            one, other = found[pictures, reader, way], floor[pictures, reader, way]
            one, other = one[~np.isnan(one)], other[~np.isnan(other)]
            if len(one) < 2:
                continue
            ahead, error = difference(one, other)
            rows[f"{name} {where}"] = {"pictures": len(one), "rate": 100 * float(np.mean(one == 1)), "ahead": ahead,
                                       "error": error, "misread": int(np.sum(one == 2))}
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("areas", nargs="*", metavar="AREA")
    parser.add_argument("--layout", action="append", default=[], metavar="C,L,W,H")
    parser.add_argument("--camera", choices=CAMERAS, default="till")
    parser.add_argument("--pictures", type=int, default=300, help="pictures a drawing (300; the plain camera at least 232)")
    parser.add_argument("--seed", type=int, default=0, help="other random numbers")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    texts = payloads(8)
    requests = {}
    for area in arguments.areas or ([] if arguments.layout else ["80x24", "100x30", "120x40"]):
        columns, lines = map(int, area.split("x"))
        requests[area] = {"area": [columns, lines - TEXT_LINES]}
    drawings = {"bwip-js": [(rows, 3) for rows in bwip(texts)]}
    for layout in arguments.layout:
        if layout.startswith("pixels:"):
            columns, level, height = map(int, layout.removeprefix("pixels:").split(","))
            rows = len(bwip(texts[:1], columns, level)[0])
            drawings[layout] = [(rows, height) for rows in bwip(texts, columns, level, math.ceil(rows / 3) * 3)]
        else:
            requests[layout] = {"layout": list(map(int, layout.split(",")))}
    if requests:
        answers = iter(ours([{"payload": text, **request} for request in requests.values() for text in texts]))
        drawings.update({name: [next(answers) for _ in texts] for name in requests})
    model = CAMERAS[arguments.camera]
    all_cases = model.cases(arguments.pictures, arguments.seed)
    results = measure(model, drawings, texts, all_cases, arguments.processes)

    groups = {"all": np.ones(len(all_cases), dtype=bool)}
    if arguments.camera == "till":
        groups["turned by more than 8 degrees"] = np.array([abs(case["roll"]) > 8 for case in all_cases])
    report = []
    for name, found in results.items():
        drawing = drawings[name][0]
        layout = {key: drawing[key] for key in ("columns", "level", "module_width", "row_lines", "cells")} if isinstance(drawing, dict) else {}
        report.append({"drawing": name, **layout, "groups": {group: summary(found, results["bwip-js"], pictures)
                                                             for group, pictures in groups.items()}})
    if arguments.json:
        print(json.dumps(report))
        return
    for row in report:
        cells = "{}x{} cells, {} columns, level {}, {} lines a row".format(
            *row["cells"], row["columns"], row["level"], row["row_lines"]) if "cells" in row else "pixels"
        print(f"{row['drawing']} ({cells})")
        for group, rows in row["groups"].items():
            for reader, one in rows.items():
                print(f"    {group:>30} {reader:>18}: {one['rate']:5.1f} % of {one['pictures']}, {one['ahead']:+5.1f} ± "
                      f"{one['error']:.1f} (standard error), {one['misread']} misread")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Reads barcodes back with decoders that share no code with the encoder.

    decode.py FILE...          prints the payload of each file; `-` is stdin
    decode.py --json FILE...   a JSON line a file: {"file", "payload"}

A file is a PNG or JPEG picture, an SVG as the program writes it, or text with SGR colours as a terminal gets it.
Exits 1 when a file holds no barcode. Needs zxing-cpp, numpy and Pillow; `--decoder pdf417decoder` needs that too.
"""

import argparse
import io
import json
import re
import sys
from xml.etree import ElementTree

import numpy as np
import zxingcpp
from PIL import Image

import terminal


SVG = "{http://www.w3.org/2000/svg}"


def svg_picture(text, scale=4):
    """The white rectangle and the one path of `M x y h w v h h -w z` bars, `scale` pixels a module; no text."""
    document = ElementTree.fromstring(text)
    width, height = map(int, document.get("viewBox").split()[2:])
    image = np.full((height * scale, width * scale), 255, dtype=np.uint8)
    path = document.find(f"{SVG}path")
    for x, y, w, h in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z", path.get("d") if path is not None else ""):
        x, y, w, h = (int(n) * scale for n in (x, y, w, h))
        image[y:y + h, x:x + w] = 0
    return image


def load(data, arguments):
    """Bytes of any of the kinds → grey pixels."""
    if data[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0"):
        return np.asarray(Image.open(io.BytesIO(data)).convert("L"))
    text = data.decode()
    if "<svg" in text[:200]:
        return svg_picture(text)
    width, height = map(int, arguments.cell.split("x"))
    lines = terminal.cells(text, arguments.theme)
    image = terminal.picture(lines, width, height, theme=arguments.theme)
    # A window goes on beyond its text.
    return np.pad(image, 20, constant_values=int(terminal.grey(terminal.THEMES[arguments.theme][1])))


def turned(image, degrees):
    """The picture turned, in the color of its corner."""
    if not degrees:
        return image
    picture = Image.fromarray(image).rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=int(image[0, 0]))
    return np.asarray(picture)


def decode(image):
    """The text of the one barcode in a picture, or None."""
    return only([barcode.text for barcode in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.PDF417)])


def decode_independently(image):
    """The same by another decoder, slower and less sensitive to the angle."""
    import independent  # OpenCV takes a while to load.

    return only(independent.texts(image))


def only(texts):
    return texts[0] if len(texts) == 1 else None


DECODERS = {"zxing-cpp": decode, "pdf417decoder": decode_independently}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", default=["-"])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--cell", default="10x20", metavar="WxH", help="pixels of a cell (10x20)")
    parser.add_argument("--rotate", type=float, default=0, metavar="DEGREES", help="turn the picture counterclockwise")
    parser.add_argument("--theme", default="dark", choices=sorted(terminal.THEMES))
    parser.add_argument("--decoder", default="zxing-cpp", choices=DECODERS)
    arguments = parser.parse_args()
    missing = 0
    for name in arguments.files:
        data = sys.stdin.buffer.read() if name == "-" else open(name, "rb").read()
        payload = DECODERS[arguments.decoder](turned(load(data, arguments), arguments.rotate))
        missing += payload is None
        if arguments.json:
            print(json.dumps({"file": name, "payload": payload}))
        elif payload is not None:
            print(payload)
        else:
            print(f"{name}: no barcode", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

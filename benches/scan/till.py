"""What the scanner of a till makes of a picture on a screen, in millimetres.

A mono imager of 640 to 1,280 pixels with a real field of view is held in front of a display with subpixel stripes: not
quite level, not quite straight, a little off the aim, moving, out of focus, its own light mirrored in the screen. What
leaves its field of view is cut off.
"""

import math

import cv2
import numpy as np

# Pixels across and down, and the field of view across in degrees, as such imagers are sold.
SENSORS = [(838, 640, 42), (640, 480, 38), (1280, 800, 48)]
# Modules that bwip-js's symbol is wide with its quiet zone: what the person at the till aims at.
AIMED_AT = 107
# Samples a sensor pixel, each way, before they are averaged.
FINE = 2
# What the imager's filter lets through of a display's red, green and blue.
STRIPES = (0.9, 1.0, 0.6)


def cases(pictures, first):
    """This many pictures, numbered from `first`."""
    return [case(number) for number in range(first, first + pictures)]


def case(seed):
    """One picture's sensor, pose, optics and light: all that does not depend on what is drawn."""
    random = np.random.default_rng(seed)
    width, height, view = SENSORS[random.integers(len(SENSORS))]
    focal = width / 2 / math.tan(math.radians(view / 2))
    return {
        "number": seed,
        "size": (width, height),
        "focal": focal,
        # Laptops with small characters up to large displays with large ones.
        "module": math.exp(random.uniform(math.log(0.5), math.log(1.2))),
        # Part of the frame that bwip-js's symbol fills from side to side.
        "share": random.uniform(0.25, 1),
        # 15 % of the pictures are turned by more than 8 degrees.
        "roll": random.normal(0, 5.56),
        "yaw": random.normal(0, 12),
        "pitch": random.normal(0, 12),
        "aim": random.normal(0, 0.06 * width, 2),
        "focus": random.uniform(110, 220),
        "aperture": random.uniform(0.5, 0.9),
        # Millimetres that the hand moves while the shutter is open.
        "motion": abs(random.normal(0, 60)) * random.uniform(0.001, 0.006),
        "direction": random.uniform(0, math.pi),
        "spot": random.uniform(0.015, 0.07) * width,
        "shine": math.exp(random.normal(-0.7, 1)) * (random.random() < 0.7),
        "haze": random.uniform(0, 0.25),
        "black": random.uniform(0.005, 0.1),
        "room": random.uniform(0.03, 0.3),
        "exposure": 0.8 * math.exp(random.normal(0, 0.25)),
        "noise": random.uniform(1.5, 8),
        "seed": int(random.integers(1 << 31)),
    }


def light(screen):
    """Gray pixels of a screen → its light, three by three for each pixel: red, green and blue stripes, and below them
    the dark of the grid."""
    tile = np.tile(np.array(STRIPES), (3, 1))
    tile[2] *= 0.6
    tile = (tile / tile.mean()).astype(np.float32)
    high, wide = screen.shape
    light = (screen / 255.0).astype(np.float32) ** 2.2
    return (light[:, None, :, None] * tile[None, :, None, :]).reshape(high * 3, wide * 3)


def photographs(light, module, frame, case):
    """One picture from where bwip-js's symbol fills the same part of the frame, and one from so far away that the frame
    holds the symbol, `frame` modules wide and high."""
    near, away = distance(case), distance(case, frame)
    shots = [photograph(light, module, case, at) for at in ([near] if away < near * 1.001 else [near, away])]
    return shots[0], shots[-1]


def distance(case, frame=None):
    """Millimetres from the lens to the screen. `frame`, a symbol's width and height in modules, moves the scanner back
    until all of it fits."""
    (width, height), focal = case["size"], case["focal"]
    aimed = focal * AIMED_AT * case["module"] / (case["share"] * width)
    if not frame:
        return aimed
    wide, high = (side * case["module"] for side in frame)
    return max(aimed, focal * wide / width, focal * high / (0.92 * height))


def photograph(light, module, case, distance):
    """The light of a display → gray pixels of the scanner.

    light: from `light`, with the symbol in its middle; module: width of a module in pixels of the screen.
    """
    focal, texel = case["focal"], case["module"] / module / 3
    # No finer than what is sampled: the rest is averaged here, as light is on its way.
    sample = distance / focal / FINE
    if texel < sample:
        to = [max(1, round(side * texel / sample)) for side in light.shape]
        texel = texel * light.shape[1] / to[1]
        light = cv2.resize(light, (to[1], to[0]), interpolation=cv2.INTER_AREA)
    light = seen(light, texel, distance, case)
    light = case["black"] + (1 - case["black"]) * light

    blur = case["aperture"] * focal * abs(1 / distance - 1 / case["focus"]) / 4
    light = cv2.GaussianBlur(light, (0, 0), math.hypot(0.5, blur))
    light = moved(light, case["motion"] * focal / distance, case["direction"])
    gray = np.float32(255 * case["exposure"]) * (light + mirrored(case))
    noise = np.random.default_rng(case["seed"]).standard_normal(gray.shape, dtype=np.float32)
    noise *= np.sqrt(case["noise"] ** 2 + np.maximum(gray, 0) / 20)
    return np.clip(gray + noise + 0.5, 0, 255).astype(np.uint8)


def seen(texture, texel, distance, case):
    """The texture, `texel` millimetres a pixel, as it falls on the sensor."""
    roll, yaw, pitch = (math.radians(case[angle]) for angle in ("roll", "yaw", "pitch"))
    turn = np.array([[math.cos(roll), -math.sin(roll), 0], [math.sin(roll), math.cos(roll), 0], [0, 0, 1]])
    turn = np.array([[math.cos(yaw), 0, math.sin(yaw)], [0, 1, 0], [-math.sin(yaw), 0, math.cos(yaw)]]) @ turn
    turn = np.array([[1, 0, 0], [0, math.cos(pitch), -math.sin(pitch)], [0, math.sin(pitch), math.cos(pitch)]]) @ turn
    (width, height), focal = case["size"], case["focal"]
    lens = np.array([[focal, 0, width / 2 + case["aim"][0]], [0, focal, height / 2 + case["aim"][1]], [0, 0, 1]])
    plane = np.column_stack([turn[:, 0], turn[:, 1], (0, 0, distance)])
    middle = np.array([[texel, 0, -texture.shape[1] * texel / 2], [0, texel, -texture.shape[0] * texel / 2], [0, 0, 1]])
    to_sensor = np.diag([FINE, FINE, 1]) @ lens @ plane @ middle
    fine = cv2.warpPerspective(texture, to_sensor, (width * FINE, height * FINE), flags=cv2.INTER_LINEAR,
                               borderMode=cv2.BORDER_CONSTANT, borderValue=case["room"])
    return cv2.resize(fine, (width, height), interpolation=cv2.INTER_AREA)


def moved(light, length, direction):
    """Smeared over `length` pixels."""
    if length < 0.3:
        return light
    reach = math.ceil(length / 2) + 1
    y, x = np.mgrid[-reach:reach + 1, -reach:reach + 1]
    along = x * math.cos(direction) + y * math.sin(direction)
    across = -x * math.sin(direction) + y * math.cos(direction)
    kernel = np.clip(length / 2 + 0.5 - abs(along), 0, 1) * np.clip(1 - abs(across), 0, 1)
    return cv2.filter2D(light, -1, (kernel / kernel.sum()).astype(np.float32), borderType=cv2.BORDER_REPLICATE)


def mirrored(case):
    """The scanner's own light: a spot where the screen faces it, and haze."""
    (width, height), focal = case["size"], case["focal"]
    x = width / 2 + case["aim"][0] + focal * math.tan(math.radians(case["yaw"]))
    y = height / 2 + case["aim"][1] - focal * math.tan(math.radians(case["pitch"]))

    def glow(radius):
        rows, columns = (np.exp(-((np.arange(side) - at) / radius) ** 2) for side, at in ((height, y), (width, x)))
        return np.outer(rows, columns).astype(np.float32)

    return np.float32(case["shine"]) * glow(case["spot"]) + np.float32(case["haze"]) * glow(0.4 * width)

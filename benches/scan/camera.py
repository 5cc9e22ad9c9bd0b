"""What a plain camera makes of a picture on a screen: sampled coarsely, then given one fault at a time.

Blur, noise, a turn, a tilt, low contrast, glare, moire, compression, overexposure; 1.1 to 4 pixels a module, whatever
sensor that takes. till.py is nearer to the scanner of a till.
"""

import io
import math

import numpy as np
from PIL import Image, ImageFilter

# Effect and strength. Lengths are in modules, so that every effect is the same for each scale.
EFFECTS = (
    [("none", 0)]
    + [("blur", sigma) for sigma in (0.3, 0.4, 0.5)]
    + [("noise", sigma) for sigma in (10, 20, 35)]
    + [("rotation", degrees) for degrees in (2, 4, 7, 10)]
    + [("yaw", degrees) for degrees in (25, 45)]
    + [("pitch", degrees) for degrees in (25, 45)]
    + [("contrast", part) for part in (0.3, 0.15)]
    + [("glare", radius) for radius in (0.03, 0.05, 0.08, 0.12)]
    + [("moire", strength) for strength in (0.3, 0.5)]
    + [("jpeg", quality) for quality in (30, 15, 8)]
    + [("exposure", gain) for gain in (1.3, 1.8, 2.5)]
)
# Camera pixels a module.
SCALES = (4, 3, 2.5, 2, 1.7, 1.5, 1.3, 1.1)


# Modules across and down that a camera's frame holds which bwip-js's symbol fills from side to side.
FRAME = (107, 80)


def cases(pictures, first):
    """At least this many pictures, the same number of each scale, effect and strength."""
    each = len(SCALES) * len(EFFECTS)
    return [{"number": number, "scale": scale, "effect": effect, "strength": strength, "seed": [first + repeat, int(scale * 10), number]}
            for repeat in range(math.ceil(pictures / each)) for scale in SCALES
            for number, (effect, strength) in enumerate(EFFECTS)]


def light(screen):
    """What `photographs` takes; the screen itself."""
    return screen


def photographs(screen, module, frame, case):
    """One picture as near as the others, and one from so far away that the frame holds the symbol, `frame` modules
    wide and high."""
    away = min(1, FRAME[0] / frame[0], FRAME[1] / frame[1])
    shots = [photograph(screen, module, case["scale"] * part, case["effect"], case["strength"], case["seed"])
             for part in ([1] if away == 1 else [1, away])]
    return shots[0], shots[-1]


def photograph(screen, module, scale, effect, strength, seed):
    """Gray pixels of a screen → gray pixels of a photograph of it.

    screen: uint8 array; module: width of a module in its pixels; scale: camera pixels a module; seed: what is random.
    """
    random = np.random.default_rng(seed)
    angle = random.uniform(-1, 1)
    yaw, pitch = random.uniform(-3, 3, 2)
    side = random.choice((-1, 1))
    if effect == "rotation":
        angle = side * strength
    elif effect == "yaw":
        yaw = side * strength
    elif effect == "pitch":
        pitch = side * strength
    phase = random.uniform(0, 1, 2)
    light = (sampled(screen, scale / module, angle, yaw, pitch, phase) / 255) ** 2.2
    height, width = light.shape

    if effect == "glare":
        light = light + spot(light.shape, random.uniform(0.15, 0.85, 2), strength * width)
    elif effect == "moire":
        light = light * (1 - strength * stripes(light.shape, random.uniform(2.5, 9) * scale, random.uniform(0, math.pi)))
    elif effect == "contrast":
        light = 0.5 + (light - 0.5) * strength
    sigma = strength if effect == "blur" else 0.15
    if effect == "exposure":
        sigma = 0.2
        light = light * strength
    image = (np.clip(blurred(light, sigma * scale), 0, 1) ** (1 / 2.2)) * 255
    image = image + random.normal(0, strength if effect == "noise" else 3, image.shape)
    image = np.clip(image + 0.5, 0, 255).astype(np.uint8)
    return compressed(image, strength if effect == "jpeg" else 85)


def sampled(screen, zoom, angle, yaw, pitch, phase):
    """The screen turned by degrees in its plane, around the vertical and around the horizontal axis, seen from three
    times its size away; each camera pixel is the mean of the light on its square."""
    fine = 4 if zoom < 0.4 else 3
    height, width = screen.shape
    distance = 3 * max(width, height)
    a, y, p = (math.radians(degrees) for degrees in (angle, yaw, pitch))
    turn = np.array([[math.cos(a), -math.sin(a), 0], [math.sin(a), math.cos(a), 0], [0, 0, 1]])
    turn = np.array([[math.cos(y), 0, math.sin(y)], [0, 1, 0], [-math.sin(y), 0, math.cos(y)]]) @ turn
    turn = np.array([[1, 0, 0], [0, math.cos(p), -math.sin(p)], [0, math.sin(p), math.cos(p)]]) @ turn
    # Screen point (x, y, 0) around the middle → turn → divide by depth: a homography.
    seen = np.array([turn[0, :2], turn[1, :2], turn[2, :2] / distance])
    to_photo = np.column_stack([seen, [0, 0, 1]]) @ np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1]])
    corners = to_photo @ np.array([[0, width, width, 0], [0, 0, height, height], [1, 1, 1, 1]])
    corners = corners[:2] / corners[2] * zoom
    low, high = corners.min(axis=1), corners.max(axis=1)
    size = np.ceil(high - low).astype(int) + 1
    to_photo = np.array([[zoom, 0, phase[0] - low[0]], [0, zoom, phase[1] - low[1]], [0, 0, 1]]) @ to_photo
    to_photo = np.diag([fine, fine, 1]) @ to_photo
    back = np.linalg.inv(to_photo)
    back = (back / back[2, 2]).ravel()[:8]
    ground = int(screen[0, 0])
    picture = Image.fromarray(screen).transform(
        tuple(int(n) * fine for n in size), Image.Transform.PERSPECTIVE, back, Image.Resampling.BILINEAR, fillcolor=ground)
    picture = np.asarray(picture, dtype=np.float32)
    return picture.reshape(size[1], fine, size[0], fine).mean(axis=(1, 3))


def blurred(light, sigma):
    """Gaussian blur of `sigma` camera pixels."""
    if sigma < 0.1:
        return light
    radius = math.ceil(3 * sigma)
    kernel = np.exp(-np.arange(-radius, radius + 1) ** 2 / (2 * sigma * sigma))
    kernel /= kernel.sum()
    light = np.pad(light, radius, mode="edge")
    light = sum(weight * light[i:light.shape[0] - 2 * radius + i] for i, weight in enumerate(kernel))
    return sum(weight * light[:, i:light.shape[1] - 2 * radius + i] for i, weight in enumerate(kernel))


def spot(shape, where, radius):
    """A reflection that outshines everything within `radius` camera pixels and fades outside."""
    y, x = np.mgrid[:shape[0], :shape[1]]
    distance = np.hypot(y - where[0] * shape[0], x - where[1] * shape[1]) / radius
    return 3 * np.exp(-np.maximum(distance - 0.8, 0) ** 2 * 12)


def stripes(shape, period, angle):
    """Waves of 0 to 1, as a screen's grid and a camera's give together."""
    y, x = np.mgrid[:shape[0], :shape[1]]
    return 0.5 + 0.5 * np.sin((x * math.cos(angle) + y * math.sin(angle)) * 2 * math.pi / period)


def compressed(image, quality):
    """JPEG and back."""
    file = io.BytesIO()
    Image.fromarray(image).save(file, "JPEG", quality=int(quality))
    return np.asarray(Image.open(file))

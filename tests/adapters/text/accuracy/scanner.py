"""Printed pages as a scanner gives them: grey, coarse, askew, with specks; the same on every run."""

from __future__ import annotations

import math
import random
import subprocess
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

DPI = 200
SKEW = 1.0
NOISE = 0.1
SPECKS, DIRT = 0.0004, 0.003
QUALITY = 75


def scan(printed: Path, target: Path, seed: int) -> Path:
    """The pages of `printed` as pictures in one PDF; `target` is kept where it is there already."""
    if target.exists():
        return target
    stem = target.with_suffix("")
    subprocess.run(["pdftoppm", "-r", str(DPI), "-gray", str(printed), str(stem)], check=True)
    drawn = sorted(target.parent.glob(f"{stem.name}-*.pgm"))
    pages = [_scanned(path, random.Random(seed * 1000 + number)) for number, path in enumerate(drawn)]
    pages[0].save(target, format="PDF", resolution=DPI, save_all=True, append_images=pages[1:], quality=QUALITY)
    for path in drawn:
        path.unlink()
    return target


def _scanned(path: Path, chance: random.Random) -> Image.Image:
    with Image.open(path) as drawn:
        page = drawn.convert("L")
    askew = page.rotate(chance.choice((-SKEW, SKEW)), Image.Resampling.BICUBIC, fillcolor=255)
    grain = Image.frombytes("L", askew.size, chance.randbytes(askew.width * askew.height))
    noisy = Image.blend(askew.filter(ImageFilter.GaussianBlur(0.6)), grain, NOISE)
    specks = _specks(noisy.width // 2, noisy.height // 2, chance)
    noisy.paste(40, mask=specks.resize(noisy.size))
    return noisy


def _specks(width: int, height: int, chance: random.Random) -> Image.Image:
    """White where a speck falls; one page in eight is dirty."""
    share = round(256 * math.sqrt(DIRT if chance.randrange(8) == 0 else SPECKS))
    masks = [
        Image.frombytes("L", (width, height), chance.randbytes(width * height)).point(
            [255 if value < share else 0 for value in range(256)]
        )
        for _ in range(2)
    ]
    return ImageChops.darker(*masks)

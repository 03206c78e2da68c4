"""Printed pages as a scanner gives them: grey, coarse, askew, with specks; the same on every run."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

from PIL import Image, ImageFilter

DPI = 200
SKEW = 1.0
NOISE = 0.1
SPECKS = 0.0004
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
    specks = Image.frombytes(
        "L", (askew.width // 2, askew.height // 2), chance.randbytes((askew.width // 2) * (askew.height // 2))
    )
    few = specks.point([255 if value == 0 and chance.random() < SPECKS * 256 else 0 for value in range(256)])
    noisy.paste(40, mask=few.resize(askew.size))
    return noisy

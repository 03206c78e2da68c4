"""Where the folders that ship with the gateway lie: beside a checkout, or inside an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """The shipped folder `config` or `templates`; raises FileNotFoundError where the installation lacks it."""
    for parent in (_PACKAGE / "shipped", _PACKAGE.parent):
        folder = parent / name
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"bản cài đặt thiếu thư mục {name}")

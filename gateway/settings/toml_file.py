"""Reads a TOML file that a person wrote, and says in Vietnamese why it cannot be read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from gateway.errors import SettingsError

_WHERE = re.compile(r"\(at line (\d+), column (\d+)\)")


def read_toml(path: Path) -> dict[str, Any]:
    """What stands in a TOML file; raises SettingsError, one Vietnamese line, where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        where = _WHERE.search(str(error))
        place = f"dòng {where[1]}, cột {where[2]}" if where else "cuối tệp"
        raise SettingsError(
            f"{place}: không đúng cú pháp TOML; hãy xem dấu nháy, dấu bằng, ngoặc, và khóa ghi hai lần ở chỗ ấy."
        ) from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"byte thứ {error.start + 1}: không phải chữ UTF-8; hãy lưu lại tệp theo UTF-8.") from None
    except OSError as error:
        raise SettingsError(f"không đọc được tệp ({error.strerror}); hãy xem đường dẫn và quyền đọc.") from None

"""Files outside the configuration: secrets, keys and certificates, named but never written in it."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, ValidationInfo

from gateway.errors import SettingsError
from gateway.settings.values import folder_of, parse_path

_CREDENTIAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}")


@dataclass(frozen=True, slots=True)
class FileReference:
    """A file by path, or by the name under which systemd hands it over (LoadCredential=, systemd.exec(5)).

    A credential's place is known only inside the service, so it is looked up at use.
    """

    file: Path | None = None
    credential: str | None = None

    def __str__(self) -> str:
        return f"credential:{self.credential}" if self.file is None else str(self.file)

    def path(self) -> Path:
        """Where the file lies; raises SettingsError for a credential outside its service."""
        if self.file is not None:
            return self.file
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        if not folder:
            raise SettingsError(
                f"{self}: chỉ đọc được khi systemd chạy dịch vụ (LoadCredential={self.credential}:/đường/dẫn)"
            )
        return Path(folder) / str(self.credential)

    def is_missing(self) -> bool:
        """True only where the file is known not to exist: not being allowed to look is no proof."""
        try:
            self.path().stat()
        except FileNotFoundError:
            return True
        except (OSError, SettingsError):
            return False
        return False

    def is_open_to_all(self) -> bool:
        """True where every user of the machine may read the file; raises SettingsError, OSError."""
        return bool(self.path().stat().st_mode & stat.S_IROTH)


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret kept elsewhere. Its text is read at use and never kept, so that no repr or dump can show it."""

    reference: FileReference

    def __str__(self) -> str:
        return f"file:{self.reference}" if self.reference.file else str(self.reference)

    def reveal(self) -> str:
        """The secret without its closing line end; raises SettingsError where it cannot be read or is empty."""
        path = self.reference.path()
        try:
            text = path.read_text(encoding="utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            raise SettingsError(f"{self}: tệp bí mật phải là chữ UTF-8") from None
        except OSError as error:
            raise SettingsError(f"{self}: không đọc được tệp bí mật ({error.strerror})") from None
        if not text:
            raise SettingsError(f"{self}: tệp bí mật trống")
        return text


def _credential(value: str) -> FileReference:
    name = value.removeprefix("credential:")
    if not _CREDENTIAL.fullmatch(name):
        raise ValueError("sau credential: phải là tên gồm chữ không dấu, số, dấu chấm, gạch")
    return FileReference(credential=name)


def _existing(reference: FileReference) -> FileReference:
    if reference.is_missing():
        raise ValueError("tệp này không có trên máy; hãy tạo tệp hoặc sửa đường dẫn")
    return reference


def parse_file_reference(value: object, info: ValidationInfo) -> FileReference:
    """A path or `credential:name`; the file must not be known missing."""
    if isinstance(value, FileReference):
        return value
    if isinstance(value, str) and value.startswith("credential:"):
        return _existing(_credential(value))
    return _existing(FileReference(file=parse_path(value, info)))


def parse_secret(value: object, info: ValidationInfo) -> Secret:
    """`file:/path` or `credential:name`; the secret itself is refused."""
    if isinstance(value, Secret):
        return value
    if isinstance(value, str) and value.startswith("credential:"):
        return Secret(_existing(_credential(value)))
    if isinstance(value, str) and value.startswith("file:") and value != "file:":
        return Secret(_existing(FileReference(file=folder_of(info) / value.removeprefix("file:"))))
    raise ValueError(
        "không ghi bí mật vào tệp cấu hình; hãy cất vào tệp chỉ dịch vụ đọc được rồi ghi file:/đường/dẫn, "
        "hoặc giao qua systemd rồi ghi credential:tên"
    )


ExternalFile = Annotated[FileReference, BeforeValidator(parse_file_reference)]
ExternalSecret = Annotated[Secret, BeforeValidator(parse_secret)]

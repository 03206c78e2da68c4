"""Secrets stay in their files: read at use, shown nowhere."""

import pickle
from pathlib import Path

import pytest

from gateway.errors import SettingsError
from gateway.settings import FileReference, Secret, Settings, settings_from

WORD = "mật khẩu Rất-Bí-Mật 42"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "relay-password"
    path.write_text(WORD + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def with_password(reference: str, folder: Path) -> Settings:
    relay = {"host": "relay.example.vn", "tls": "starttls", "username": "sgtvt", "password": reference}
    return settings_from({"relay": relay}, folder)


def password_of(settings: Settings) -> Secret:
    assert settings.relay.password is not None
    return settings.relay.password


def test_a_file_is_read_at_use_without_its_line_end(file: Path) -> None:
    settings = with_password("file:relay-password", file.parent)
    assert password_of(settings).reveal() == WORD
    file.write_text("đổi rồi", encoding="utf-8")
    assert password_of(settings).reveal() == "đổi rồi"


def test_a_credential_is_looked_for_where_systemd_puts_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(file.parent))
    assert password_of(with_password("credential:relay-password", Path("/x"))).reveal() == WORD
    with pytest.raises(SettingsError, match="không có trên máy"):
        with_password("credential:other", Path("/x"))


def test_outside_the_service_a_credential_does_not_stop_other_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    settings = with_password("credential:relay-password", Path("/x"))
    with pytest.raises(SettingsError, match="LoadCredential=relay-password"):
        password_of(settings).reveal()


@pytest.mark.parametrize("name", ["credential:", "credential:../shadow", "credential:a/b", "file:", "hunter2", 12, []])
def test_what_is_no_reference_is_refused_and_not_shown(name: object, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        with_password(name, tmp_path)  # type: ignore[arg-type]
    assert "relay.password" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_no_dump_of_the_settings_shows_a_secret(file: Path) -> None:
    settings = with_password("file:relay-password", file.parent)
    assert password_of(settings).reveal() == WORD
    for dump in (repr(settings), str(settings), str(settings.model_dump()), repr(password_of(settings))):
        assert "Rất-Bí-Mật" not in dump
    assert WORD.encode() not in pickle.dumps(password_of(settings))


def test_an_empty_unreadable_or_binary_secret_is_an_error(tmp_path: Path) -> None:
    for content, told in ((b"\n", "trống"), (b"\xff\xfe", "UTF-8")):
        path = tmp_path / "s"
        path.write_bytes(content)
        with pytest.raises(SettingsError, match=told):
            Secret(FileReference(file=path)).reveal()
    with pytest.raises(SettingsError, match="không đọc được"):
        Secret(FileReference(file=tmp_path)).reveal()


def test_the_password_goes_into_the_database_address_only_at_use(file: Path) -> None:
    store = {"database": "postgresql://vanthu@db.example.vn:5433/vanthu?ssl=require", "blobs": "b"}
    store["database_password"] = "file:relay-password"
    settings = settings_from({"store": store}, file.parent)
    assert settings.store.url() == (
        "postgresql://vanthu:m%E1%BA%ADt%20kh%E1%BA%A9u%20R%E1%BA%A5t-B%C3%AD-M%E1%BA%ADt%2042"
        "@db.example.vn:5433/vanthu?ssl=require"
    )
    assert not settings.store.is_embedded


def test_the_embedded_database_is_a_path(tmp_path: Path) -> None:
    store = settings_from({"store": {"database": "g.db"}}, tmp_path).store
    assert store.is_embedded
    assert store.url() == f"sqlite:///{tmp_path}/g.db"


def test_a_file_open_to_all_is_noticed(file: Path) -> None:
    reference = FileReference(file=file)
    assert not reference.is_open_to_all()
    file.chmod(0o644)
    assert reference.is_open_to_all()

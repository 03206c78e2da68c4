"""Commands on the certificates of authorities that signatures are traced to: add, list, remove."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from gateway.adapters.trust_store import LocalTrustFolder, described, read_brought
from gateway.cli.output import complain, print_json, say
from gateway.cli.quarantine import Reason, stated
from gateway.cli.session import EX_CONFIG, EX_USAGE, AsJson, Config, actor, office_of, run, settings_of
from gateway.clock import SystemClock, local
from gateway.model.trust import AuthorityCertificate
from gateway.policy.trust import Pins, Term, days_left, lacks_issuer, term
from gateway.settings import Settings
from handlers.trust import add_authorities, remove_authority

trust = typer.Typer(no_args_is_help=True, help="Chứng thư của tổ chức chứng thực được tin cậy khi kiểm tra chữ ký số.")

CertificateFile = Annotated[
    Path,
    typer.Argument(
        exists=True, dir_okay=False, readable=True, metavar="FILE", help="Tệp PEM, DER hoặc PKCS #7 (.p7b)."
    ),
]
_FEWEST_DIGITS = 16
_TERMS = {Term.NOT_YET: "chưa có hiệu lực", Term.SOON: "sắp hết hạn", Term.EXPIRED: "đã hết hạn"}
_KINDS = {True: "gốc", False: "trung gian"}
_RESTART = "Dịch vụ đang chạy dùng danh sách mới sau khi khởi động lại: systemctl restart gateway"


@trust.command("add")
def add(
    file: CertificateFile,
    unpinned: Annotated[
        bool, typer.Option("--unpinned", help="Nhận cả chứng thư không có mã băm trong config/trust.toml.")
    ] = False,
    reason: Annotated[str, typer.Option("--reason", help="Lý do, ghi vào nhật ký; phải có khi --unpinned.")] = "",
    config: Config = None,
) -> None:
    """Thêm chứng thư của tổ chức chứng thực, khi mã băm SHA-256 khớp với danh sách có sẵn."""
    given = stated(reason) if unpinned or reason else ""
    run(_add(file, config, reason=given, unpinned=unpinned))


async def _add(file: Path, config: Path | None, *, reason: str, unpinned: bool) -> None:
    place = _folder(settings_of(config))
    ders = await asyncio.to_thread(read_brought, file)
    certificates = [described(der) for der in ders.values()]
    folder = LocalTrustFolder(place, ders)
    async with office_of(config) as office:
        pins, now = office.settings.pins, office.desk.clock.now()
        added = await add_authorities(
            certificates, folder, pins, office.desk, actor=actor(), reason=reason, unpinned=unpinned
        )
    for each in added.known:
        say(f"Đã có từ trước: {each.name} (chứng thư {_KINDS[each.root]}).")
    for each in added.new:
        say(f"Đã thêm: {each.name} (chứng thư {_KINDS[each.root]}), SHA-256 {each.sha256}.")
    kept = await folder.kept()
    for each in (*added.known, *added.new):
        for remark in _remarks(each, kept, now):
            say(f"  lưu ý: {remark}")
    if added.new:
        say(_RESTART)


@trust.command("list")
def list_trusted(config: Config = None, as_json: AsJson = False) -> None:
    """In các chứng thư đang được tin cậy, hạn dùng, và chỗ chuỗi chứng thư bị đứt."""
    run(_list(settings_of(config), as_json=as_json))


async def _list(settings: Settings, *, as_json: bool) -> None:
    kept, now = await LocalTrustFolder(settings.anchors).kept(), SystemClock().now()
    if as_json:
        for each in kept:
            print_json(
                {
                    "name": each.name,
                    "sha256": each.sha256,
                    "kind": "root" if each.root else "intermediate",
                    "pinned": settings.pins.pin_of(each) is not None,
                    "generation": _generation(each, settings.pins),
                    "not_before": each.not_before.isoformat(),
                    "not_after": each.not_after.isoformat(),
                    "days_left": days_left(each, now),
                    "issuer": each.issuer,
                    "issuer_missing": lacks_issuer(each, kept),
                    "remarks": _remarks(each, kept, now),
                }
            )
        return
    for each in kept:
        pinned = "mã băm có sẵn" if settings.pins.pin_of(each) else "mã băm không có sẵn, thêm bằng tay"
        say(each.name)
        say(f"  chứng thư {_KINDS[each.root]}; {pinned}; {_end(each, now)}")
        say(f"  SHA-256 {each.sha256}")
        for remark in _remarks(each, kept, now):
            say(f"  lưu ý: {remark}")
    if not kept:
        say(f"Chưa có chứng thư nào được tin cậy ở {settings.anchors}; xem vanthu trust add --help")


@trust.command("remove")
def remove(
    sha256: Annotated[
        str, typer.Argument(metavar="SHA256", help="Mã băm của chứng thư, ít nhất 16 chữ số đầu.", show_default=False)
    ],
    reason: Reason,
    config: Config = None,
) -> None:
    """Bỏ một chứng thư: chữ ký dựa vào nó không còn được tin cậy."""
    run(_remove(sha256.replace(":", "").lower(), stated(reason), config))


async def _remove(digits: str, reason: str, config: Path | None) -> None:
    folder = LocalTrustFolder(_folder(settings_of(config)))
    if len(digits) < _FEWEST_DIGITS:
        complain(f"“{digits}” quá ngắn; hãy ghi ít nhất {_FEWEST_DIGITS} chữ số đầu của mã băm")
        raise typer.Exit(EX_USAGE)
    found = [each for each in await folder.kept() if each.sha256.startswith(digits)]
    if not found:
        complain(f"không có chứng thư nào có mã băm {digits}; xem vanthu trust list")
        raise typer.Exit(1)
    async with office_of(config) as office:
        for each in found:
            await remove_authority(each, folder, office.settings.pins, office.desk, actor=actor(), reason=reason)
            say(f"Đã bỏ: {each.name} (chứng thư {_KINDS[each.root]}), SHA-256 {each.sha256}.")
    say(_RESTART)


def _folder(settings: Settings) -> Path:
    """The agency's own folder; ends the program where there is none, for the shipped one is not written to."""
    if settings.signatures.anchors is None:
        complain(
            "signatures.anchors: chưa ghi, mà thư mục kèm theo phần mềm không được ghi vào; "
            'hãy ghi vào tệp cấu hình, như anchors = "/etc/vanthu/trust"'
        )
        raise typer.Exit(EX_CONFIG)
    return settings.signatures.anchors


def _generation(certificate: AuthorityCertificate, pins: Pins) -> str:
    pin = pins.pin_of(certificate)
    return pin.generation if pin else ""


def _end(certificate: AuthorityCertificate, now: datetime) -> str:
    left = days_left(certificate, now)
    return f"hết hạn {local(certificate.not_after):%d/%m/%Y}" + (f", còn {left} ngày" if left >= 0 else "")


def _remarks(certificate: AuthorityCertificate, kept: Sequence[AuthorityCertificate], now: datetime) -> list[str]:
    """What somebody should look at, in Vietnamese."""
    found = [_TERMS[ends]] if (ends := term(certificate, now)) in _TERMS else []
    if lacks_issuer(certificate, kept):
        found.append(f"thiếu chứng thư phát hành: {certificate.issuer}")
    return [*found, certificate.refusal] if certificate.refusal else found

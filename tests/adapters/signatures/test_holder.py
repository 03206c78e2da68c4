"""Whose certificate it is: an agency's seal, a person's, or nobody knows."""

import pytest
from asn1crypto import x509

from gateway.adapters.signatures.holder import common_name, kind, organisation
from gateway.demo.pki import make_person, make_seal
from gateway.model.signature import SignerKind
from tests.pki import AGENCY, NOW, PROVINCE, pki


def _seal(name: str, owner: str = PROVINCE) -> x509.Certificate:
    return x509.Certificate.load(make_seal(pki().authority, NOW, name, owner).der)


@pytest.mark.parametrize(
    "name",
    [
        "SỞ GIAO THÔNG VẬN TẢI",
        "Ủy ban nhân dân tỉnh Quảng Ngãi",
        "UBND tỉnh Quảng Ngãi",
        "CỤC THUẾ",
        "TRUNG TÂM CÔNG BÁO VÀ TIN HỌC",
        "Trường Đại học Xây dựng Hà Nội",
        "Văn phòng Ủy ban nhân dân tỉnh",
        "SO GIAO THONG VAN TAI",
    ],
)
def test_the_name_of_an_agency_is_a_seal(name: str) -> None:
    assert kind(_seal(name)) is SignerKind.SEAL


def test_a_name_equal_to_its_organisation_is_a_seal() -> None:
    assert kind(_seal("Ngân Hàng Mẫu", "NGÂN HÀNG MẪU")) is SignerKind.SEAL


@pytest.mark.parametrize("name", ["Trần Hoàng Tuấn", "Sô Lay Tăng", "NGUYỄN VĂN MẪU", "Văn Phong Sắc", "Đặng Minh"])
def test_the_name_of_a_person_is_a_person(name: str) -> None:
    certificate = x509.Certificate.load(make_person(pki().authority, NOW, name, PROVINCE, (AGENCY,)).der)
    assert kind(certificate) is SignerKind.PERSON
    assert common_name(certificate) == name
    assert organisation(certificate) == f"{AGENCY}, {PROVINCE}"


@pytest.mark.parametrize("name", ["TCHQ", "Ký số 2", "máy chủ ký"])
def test_any_other_name_is_unknown(name: str) -> None:
    assert kind(_seal(name)) is SignerKind.UNKNOWN


def test_what_cannot_be_printed_is_left_out_of_names() -> None:
    assert common_name(_seal("Trần\n\x1b[31m \u202eMẫu")) == "Trần [31m Mẫu"

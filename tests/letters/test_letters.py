"""Letters of TCVN3, VNI and VPS: told by what a text becomes, converted, and nothing else touched."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.letters import Reading, Run, read_letters, read_runs, shown
from gateway.letters.codes import TCVN3
from gateway.letters.convert import convert
from gateway.letters.fonts import hint_of
from gateway.letters.read import COMBINING, DOUBTFUL, HORN_LOST, MIXED, NAMES
from gateway.letters.syllables import syllables
from gateway.letters.tell import is_syllable
from gateway.model.page import TextEncoding
from tests.letters.encoded import BY_ENCODING, LEGACY, encoded, letters_of

LINES = (
    "Uỷ ban nhân dân tỉnh Quảng Ngãi, Sở Giao thông vận tải",
    "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư;",
    "Xét đề nghị của Chánh Văn phòng Sở, trưởng các phòng và các đơn vị có liên quan",
    "Điều 1. Ban hành kèm theo Quyết định này Quy chế quản lý, sử dụng phần mềm; lưu: VT, PTHT (12b).",
    "Nơi nhận: như trên; ưu đãi, đường bộ, hướng dẫn, hỗ trợ kỹ thuật, thuỷ lợi",
)
TEXT = "\n".join(LINES)
SMALL = sorted(each for each in syllables() if not each.isascii())
COMMON = tuple(unicodedata.normalize("NFC", TEXT).lower().replace("\n", " ").split())

each_code = pytest.mark.parametrize("encoding", LEGACY)


@each_code
def test_a_document_of_each_code_is_told_and_read(encoding: TextEncoding) -> None:
    assert read_letters(encoded(TEXT, encoding)) == Reading(LINES, encoding)


@each_code
def test_it_does_not_matter_whether_bytes_are_shown_as_latin_1_or_windows_1252_or_symbols(
    encoding: TextEncoding,
) -> None:
    latin = encoded(TEXT, encoding)
    for seen in (latin, shown(latin.encode("latin-1")), encoded(TEXT, encoding, symbols=True)):
        assert read_letters(seen).text == TEXT


@each_code
def test_every_letter_of_a_code_comes_back(encoding: TextEncoding) -> None:
    letters = "".join(sorted(letters_of(encoding)))
    assert BY_ENCODING[encoding].decode(encoded(letters, encoding)) == letters


def test_vni_and_vps_have_every_vietnamese_letter_and_tcvn3_the_small_ones() -> None:
    small = {letter for syllable in syllables() for letter in syllable if not letter.isascii()}
    assert small <= letters_of(TextEncoding.TCVN3)
    assert small | {letter.upper() for letter in small} == letters_of(TextEncoding.VNI) == letters_of(TextEncoding.VPS)


@each_code
@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(SMALL), min_size=12, max_size=60))
def test_any_vietnamese_sentence_survives_a_code(encoding: TextEncoding, words: list[str]) -> None:
    """Sentences of common words with any syllables among them."""
    text = " ".join([*COMMON, *words])
    assert read_letters(encoded(text, encoding)) == Reading((text,), encoding)


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.sampled_from([*SMALL, "SỞ", "Giao", "QĐ-UBND", "12/2020", "“Điều", "kWh", "m²", "–", "35°C"]), max_size=60
    )
)
def test_unicode_text_never_changes(words: list[str]) -> None:
    text = " ".join(words)
    reading = read_letters(text)
    assert reading.text == text
    assert reading.encoding in {TextEncoding.UNICODE, TextEncoding.NONE}
    assert reading.notes == ()


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=0x7E, min_codepoint=0x20), max_size=2_000))
def test_ascii_never_changes(text: str) -> None:
    assert read_letters(text).text == text


@settings(deadline=None)
@given(st.text(max_size=2_000))
def test_reading_never_fails_and_keeps_the_lines(text: str) -> None:
    assert read_letters(text).text.count("\n") == text.count("\n")


@each_code
def test_reading_what_was_read_changes_nothing(encoding: TextEncoding) -> None:
    once = read_letters(encoded(TEXT, encoding))
    assert read_letters(once.text).paragraphs == once.paragraphs


@pytest.mark.parametrize(
    "text",
    [
        "Le général André Béthouart était né à Dole; l'été, la forêt, où ça, déjà, c'est-à-dire «Noël» et cætera",
        "Für die Größe der Straße gilt § 12 Abs. 3: Brücken über 5 m, schön und höflich, Ähre, Öl, Übung",
        "El niño español mañana irá a Cádiz, ¿qué más? ¡Sí! El señor Núñez está aquí, año 2020",
        "Não há coração à mão; três irmãs são também avós, ação e informação pública",
        "På så då må vi gå åt två små öar; ålen är här, för många år sedan hörde han på",
        "På så då må vi nå",
        "Thaï dû ça",
        "Zoë Saldaña and Beyoncé met Noël; naïve façade, coöperation, résumé of the Müller café",
        "10 µm ± 2 µm at 35°C, 20 µA and 3 µF; ½ cup, ¾ inch, §12, ¶4, «quoted», ©2020 Contoso® — · one · two",
        "Č žluťoučký kůň úpěl ďábelské ódy; Łódź, İstanbul, Ångström",
        "ÐÑÒÓÔ ÕÖ×Ø ÙÚÛÜ ÝÞß àáâã äåæç èéêë ìíîï ðñòó ôõö÷ øùúû üýþÿ",
        "Hình thức sao: “SAO Y”, “SAO LỤC” hoặc “TRÍCH SAO”",
        "“SAO Y” – “SAO LỤC” – “TRÍCH” … ……… 5 ………… (bà): ………………",
        "Việc nâng cấp thiết bị Müller, Peugeot, công suất 10 µA, dung sai ±5 µm theo § 12 của Thaï Airways",
    ],
    ids=range(14),
)
def test_other_languages_and_signs_stay_as_they_are(text: str) -> None:
    reading = read_letters(text)
    assert reading.text == text
    assert reading.encoding is TextEncoding.UNICODE


def test_unicode_and_legacy_paragraphs_of_one_file_are_told_apart() -> None:
    """Also where hardly a word tells: the next paragraph does not decide about this one."""
    unicode_lines = ["Cộng hòa xã hội chủ nghĩa Việt Nam", "Tài liệu tham khảo cho các đơn vị", "Hà Nội, ngày 05"]
    legacy_lines = [encoded(line, TextEncoding.TCVN3) for line in TEXT.split("\n")]
    reading = read_letters("\n".join([*unicode_lines, *legacy_lines, *unicode_lines]))
    assert reading.text == "\n".join([*unicode_lines, TEXT, *unicode_lines])
    assert reading.encoding is TextEncoding.TCVN3
    assert reading.notes == (MIXED.format(name="TCVN3 (ABC)"),)


def test_two_legacy_codes_in_one_file_are_both_read() -> None:
    reading = read_letters(f"{encoded(TEXT, TextEncoding.TCVN3)}\n{encoded(TEXT, TextEncoding.VNI)}")
    assert reading.text == f"{TEXT}\n{TEXT}"


def test_a_word_of_unicode_within_a_legacy_line_stays() -> None:
    line = f"{encoded('cán bộ của Sở Giao thông vận tải tại', TextEncoding.TCVN3)} Hà Nội và Đà Nẵng"
    assert read_letters(line).text == "cán bộ của Sở Giao thông vận tải tại Hà Nội và Đà Nẵng"


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        ("céng hoµ x· héi chñ nghÜa viÖt nam", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("trung t©m", "TRUNG TÂM"),
        ("ban qlda", "BAN QLDA"),
    ],
)
def test_fonts_of_capitals_make_capitals_also_of_words_without_accents(seen: str, text: str) -> None:
    body = [(Run(encoded(line, TextEncoding.TCVN3), ".VnTime"),) for line in TEXT.split("\n")]
    reading = read_runs([(Run(seen[:2], ".VnTimeH"), Run(seen[2:], ".VnTimeH")), *body])
    assert reading.paragraphs[0] == text


def test_a_font_of_a_legacy_code_with_unicode_in_it_changes_nothing() -> None:
    """Many files still name such a font though their text was converted."""
    runs = [(Run(line, ".VnTimeH" if place else ".VnTime"),) for place, line in enumerate(LINES)]
    reading = read_runs(runs)
    assert reading.paragraphs == LINES
    assert reading.encoding is TextEncoding.UNICODE


def test_runs_in_other_fonts_keep_their_letters_beside_legacy_ones() -> None:
    paragraph = (
        Run(encoded("cán bộ của Sở và ", TextEncoding.TCVN3), ".VnTime"),
        Run("hà thí bé", "Times New Roman"),
        Run(encoded(" phòng ban, đơn vị", TextEncoding.TCVN3), ".VnTime"),
    )
    assert read_runs([paragraph]).paragraphs == ("cán bộ của Sở và hà thí bé phòng ban, đơn vị",)


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        ("CéNG HOµ X· HéI CHñ NGHÜA VIÖT NAM", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("§éC LËP - Tù do", "ĐỘC LẬP - Tự do"),
        ("Uû ban nh©n d©n tØnh", "Uỷ ban nhân dân tỉnh"),
        ("Sè: 144/2002/Q§-BTC cña Bé", "Số: 144/2002/QĐ-BTC của Bộ"),
    ],
)
def test_capitals_that_tcvn3_does_not_have_are_capitals_within_words_typed_so(seen: str, text: str) -> None:
    assert convert(seen, TCVN3).text == text


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        ("nhµ n\N{MINUS SIGN}íc x\N{BULLET OPERATOR} héi", "nhà nước xã hội"),
        ("nhµ n-íc, h-íng dÉn", "nhà nước, hướng dẫn"),
        ("Th«ng t\N{MINUS SIGN}", "Thông tư"),
        ("\xadu ®·i, Tù do\xadH¹nh phóc", "ưu đãi, Tự do-Hạnh phúc"),
        ("\xad V¨n phßng; \xb7 Phßng", "- Văn phòng; · Phòng"),
        ("Q§\xadUBND, Hµ Néi-HuÕ", "QĐ-UBND, Hà Nội-Huế"),
    ],
)
def test_the_letter_that_programs_take_for_a_hyphen_is_told_from_hyphens(seen: str, text: str) -> None:
    assert convert(seen, TCVN3).text == text


def test_where_every_soft_hyphen_was_lost_what_can_be_told_is_mended_and_noted() -> None:
    lost = encoded("được Nhà nước hướng dẫn như sau, trường hợp thư của người dân", TextEncoding.TCVN3).replace(
        "\xad", ""
    )
    reading = read_letters(lost)
    assert reading.text == "được Nhà nước hướng dẫn như sau, trường hợp th của người dân"
    assert reading.notes == (HORN_LOST, DOUBTFUL.format(name=NAMES[TextEncoding.TCVN3], count=1))


def test_words_with_bytes_that_the_code_does_not_have_are_counted_as_doubtful() -> None:
    text = encoded(TEXT, TextEncoding.TCVN3)
    assert read_letters(f"{text} th\N{REPLACEMENT CHARACTER}ng n\xffm").notes == (
        DOUBTFUL.format(name=NAMES[TextEncoding.TCVN3], count=2),
    )


def test_combining_input_is_composed_and_noted() -> None:
    assert read_letters(unicodedata.normalize("NFD", TEXT)) == Reading(LINES, TextEncoding.UNICODE, (COMBINING,))


@pytest.mark.parametrize(
    ("font", "encoding", "capitals"),
    [
        (".VnTime", TextEncoding.TCVN3, False),
        (".VnTimeH", TextEncoding.TCVN3, True),
        (".vntime", TextEncoding.TCVN3, False),
        ("ABCDEF+VnTime", TextEncoding.TCVN3, False),
        ("FBHPFN+VnTimeHBold", TextEncoding.TCVN3, True),
        (".VnTimeH,Bold", TextEncoding.TCVN3, True),
        (".VnTimeH1", TextEncoding.TCVN3, True),
        (".VnTimeH Tur", TextEncoding.TCVN3, True),
        (".VnArial NarrowH", TextEncoding.TCVN3, True),
        (".Vn3DH", TextEncoding.TCVN3, True),
        ("VNI-Times", TextEncoding.VNI, False),
        ("ABCDEF+VNI-Helve-Condense,Bold", TextEncoding.VNI, False),
        ("VPS Times", TextEncoding.VPS, False),
        ("VPS Times Hoa", TextEncoding.VPS, True),
        ("Times New Roman", None, False),
        ("VNtimes new roman", None, False),
        ("VnPost", None, False),
        ("Vnbook", None, False),
        ("", None, False),
    ],
)
def test_font_names_hint_at_codes_and_capitals(font: str, encoding: TextEncoding | None, *, capitals: bool) -> None:
    hint = hint_of(font)
    assert (hint.code.encoding if hint.code else None, hint.capitals) == (encoding, capitals)


@pytest.mark.parametrize(
    "word", ["nghiêng", "khuyết", "hoà", "hòa", "thuỷ", "thủy", "quốc", "giếng", "gì", "ướt", "ý", "yêu"]
)
def test_syllables_of_old_and_new_spelling_are_known(word: str) -> None:
    assert is_syllable(word)
    assert is_syllable(word.upper())


@pytest.mark.parametrize("word", ["cét", "nghà", "bếc", "wịt", "été", "thñ", "phớc", "hìp", "strong", "für"])
def test_what_breaks_the_spelling_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)

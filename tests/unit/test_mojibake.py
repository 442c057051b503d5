"""Mangled encoding is found and put right; good text of any language is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studypack.lint.mojibake import ENCODINGS, mangled, repaired

GOOD = {
    "English": "An “answer” — it’s 3–4 °C… ✅ 🎯 → ≤ ½ € © ™ café naïve résumé, 5 µm, Ø ½, 3×½, Ångström",
    "French": "À l’été, là-bas, « café » coûte 3 €, «\xa0à Noël\xa0», ÉTÉ… L’ŒUVRE, CAFÉ”, PÂTÉ®, déjà vu — voilà… là”",
    "German": "Größe, Äpfel, Österreich, ‚JÄ‘, „schön“, süß — Übung… ‚MÄ‘",
    "Spanish": "¿Qué? ¡Mañana! España, «está»… “sí”, la Ñ… AÑO, NIÑ@S, él…",
    "Portuguese": "NÃO! “MAÇÔ coração; «MAÇû… avó… 1.ª 2.º, IRMÔ, IRMÖ e só",
    "Polish": "Zażółć gęślą jaźń. ŁÓDŹ… „świat”, żółw, są, być, dłoń, źródło, ćma",
    "Czech": "Příliš žluťoučký kůň úpěl ďábelské ódy. Čeština… řeka, ŤUK",
    "Hungarian": "Árvíztűrő tükörfúrógép, „őr”, Őszi, űr, »lé«",
    "Romanian": "Ștefan și țara, mâine, făină, Ăştia, CASĂ” ROMÂNĂ… ROMÂNĂ»",
    "Turkish": "Şimdi güneşli, hâlâ… hâlâ— HÂLÂ” dağ, İstanbul, ılık, «hâlâ»",
    "Vietnamese": "Đặc biệt chỗ này, Nguyễn, tiếng Việt, được, “là…” “nhà” và… «bà»… ĐÃ… ĐÔ",
    "Greek": "Ελληνικά, «Αλφα» — ναι… Β΄ τάξη, Γ’ Λυκείου, ΒΆ, Α·Β, Β² ± Γ², «ΑΒ» “ΓΒ” Ώρα, ΜΒ…",
    "Russian": "Привет, мир! «КНИГА» — «СССР», “Р” С… Ёлка, №5, Р… «Р»",
    "Ukrainian": "Україна, її мрії, ґанок, «Сіль», Ріка, лінії», армії» мої… Вії, Гі, СІРІЙ, Бєлгород",
    "Serbian": "Љубав, њега, ђак, Ћирилица, џеп, РЂ, Вј, Сјај, Рђаво, Гњурац",
    "Bulgarian": "Съдържание — „България“, ВЪЗДУХ…",
    "Letters": "the “β”… phase, α—“alpha”, β—“beta”, предлог „в”… и «в»— «Â» ‘â’– â—”",
    "Hebrew": "שלום עולם, ״כן״, 5₪, ג’ירפה",
    "Arabic": "السلام عليكم، «كتاب» ؟ ١٢٣",
    "Thai": "สวัสดีครับ",
    "Japanese": "日本語の文章です。カタカナ、「は」",
    "Chinese": "你好，世界。“引号”",
    "Korean": "안녕하세요",
    "Hindi": "नमस्ते दुनिया",
    "Danish": "Øl, Åse, æble, «på», SMØ» Å… Å” RÅ“",
    "Icelandic": "Þórður, Ð, borð, BORл BORД",
    "Latvian": "Ādaži, ķiršu, ļoti, šņ, cenā… «mājā»",
    "Swedish": "Åre, ”JÄ”, »Å«, å… Ää, Öö",
    "Finnish": "»ÄITIÄ» “hyvää” TÄÄ… SÄÄ”",
    "Estonian": "õun, «jää», ÖÖ” ŠAŠLÕKK",
}
"""Text as people write it, with what looks most like mangled text: letters before closing quotation marks and dots."""


@pytest.mark.parametrize("language", GOOD)
def test_good_text_is_left_alone(language: str) -> None:
    """Nothing is found in good text, letter by letter as it is."""
    assert mangled(GOOD[language]) == ()
    assert repaired(GOOD[language]) == GOOD[language]


def mangle(text: str, encoding: str) -> str:
    """What a program shows that takes UTF-8 for another encoding; bytes without a meaning become control characters."""
    return "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in text.encode())


@pytest.mark.parametrize("encoding", [name for name in ENCODINGS if name != "cp1258"])
@pytest.mark.parametrize("sign", ["—", "–", "’", "“", "”", "…", "→", "≤", "™", "€", "🎯", "👩‍🌾", "✅", "❌", "⚠️"])
def test_signs_come_back_from_every_encoding(sign: str, encoding: str) -> None:
    """Dashes, quotation marks and emoji are what they were, with good ones beside them; the usual ones in words too."""
    for text in (f"a {sign} b", sign, *([f"it{sign}s"] if sign in "—–’“”…™€" else [])):
        assert repaired(f"{mangle(text, encoding)} — “good”") == f"{text} — “good”"


WORDS = {
    "cp1252": [
        "café résumé naïve déjà",
        "Größe, Äpfel, süß",
        "¿Qué? España, corazón",
        "Zażółć gęślą jaźń, świat",
        "árvíztűrő tükörfúrógép",
        "Ștefan și țara, făină",
        "Đặc biệt chỗ này, Nguyễn",
        "Ελληνικά και ένα",
        "Привет, мир и в",
        "日本語の文章です",
        "안녕하세요",
        "สวัสดีครับ",
        "שלום עולם",
        "السلام عليكم",
        "α-helix, 5 μm, 20 °C ± ½ ©",
    ],
    "cp1253": ["Αλφάβητο", "é: café résumé", "20°C", "Größe"],
    "cp1250": ["café résumé", "Größe", "Привет, мир", "日本語"],
    "cp1251": ["café", "Привет, мир", "Ελληνικά", "日本語の文章", "20°C"],
    "cp1254": ["café, Şimdi güneşli", "Größe, süß"],
    "cp1257": ["café", "Привет, мир"],
}


@pytest.mark.parametrize(("encoding", "text"), [(name, text) for name, texts in WORDS.items() for text in texts])
def test_words_come_back(encoding: str, text: str) -> None:
    """Words of many languages are what they were."""
    assert repaired(mangle(text, encoding)) == text


def test_what_a_real_export_holds() -> None:
    """The export that the example guide was made from went through a Greek machine that borrows from windows-1252."""
    export = Path(__file__).parents[1] / "data" / "reinvent-2024-export.txt"
    lines = export.read_text(encoding="utf-8").splitlines()
    mended = "\n".join(map(repaired, lines))
    assert sum(map(len, map(mangled, lines))) == 27
    assert {character for character in mended if not character.isascii()} == set("—•✅❌🎯")
    assert repaired("Serverless βœ… Fully, πŸŽ― “aim”") == "Serverless ✅ Fully, 🎯 “aim”"


def test_what_was_mangled_twice_comes_back() -> None:
    """A file that went through the mill two or three times."""
    once = mangle("it’s a café — really", "cp1252")
    assert repaired(mangle(once, "cp1252")) == "it’s a café — really"


TWICE = {
    "cp1252": [
        "Größe und Übung: „schön“ – Straße",
        "Curaçao, Müller, forêt",
        "L’été, déjà mangé",
        "¿Qué es la ósmosis?",
        "“fine” … and 5 °C",
        "Tiếng Việt",
        "Что такое ДНК?",
        "Τι είναι το DNA;",
        "👍 hot ⚠️",
        "日本",
    ],
    "cp1253": ["Όχι. Ναι!", "Τι είναι το DNA;", "résumé, Schrödinger’s cat"],
    "cp1251": ["Фотосинтез — это процесс.", "Що таке ДНК?", "résumé"],
    "cp1250": ["Zażółć gęślą jaźń", "Árvíztűrő tükörfúrógép"],
    "cp1254": ["Türkiye Cumhuriyeti’nin", "şeker, ağaç, Iğdır"],
}


@pytest.mark.parametrize(("encoding", "text"), [(name, text) for name, texts in TWICE.items() for text in texts])
def test_what_was_mangled_several_times_comes_back_whole(encoding: str, text: str) -> None:
    """Never by half, which nothing could put right any more."""
    once = mangle(text, encoding)
    twice = mangle(once, encoding)
    assert [repaired(mangle(twice, encoding)), repaired(twice), repaired(once)] == [text] * 3


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Müller"),
        ("cp1252", "Hückel’s rule"),
        ("cp1252", "être ou ne pas être"),
        ("cp1252", "DÉJÀ VU"),
        ("cp1252", "¡Sí, 1.º y 2.ª!"),
        ("cp1252", "3 × 4 µg"),
        ("cp1252", "ΔG"),
        ("cp1250", "żółw"),
        ("cp1250", "Gödel"),
        ("cp1250", "£5"),
        ("cp1254", "ışık"),
        ("cp1254", "İstanbul"),
        ("cp1254", "Kâğıt"),
        ("cp1253", "Hückel"),
        ("cp1253", "το «φως»: 20 °C"),
        ("cp1251", "Erdős"),
        ("cp1251", "Ёлка и «ёж»"),
    ],
)
def test_short_words_come_back(encoding: str, text: str) -> None:
    """Alone on their line, where nothing else gives them away."""
    assert repaired(mangle(text, encoding)) == text


@pytest.mark.parametrize("language", GOOD)
def test_a_second_repair_changes_nothing(language: str) -> None:
    """Whatever the first could not put right."""
    for encoding in ENCODINGS:
        once = repaired(mangle(GOOD[language], encoding))
        assert repaired(once) == once


def test_mixed_text_keeps_what_is_good() -> None:
    """Only the mangled stretches change, and each is named with its place."""
    line = "« café » and cafÃ© — β€” “ναι”"
    assert repaired(line) == "« café » and café — — “ναι”"
    assert [(line[one.start : one.end], one.text) for one in mangled(line)] == [("Ã©", "é"), ("β€”", "—")]


def test_a_no_break_space_that_became_a_plain_one() -> None:
    """`Ã ` is `à` in a line that is mangled anyway, and a letter elsewhere."""
    assert repaired("Ã  la cafÃ©") == "à la café"
    assert repaired("Ã is a letter") == "Ã is a letter"


@given(st.text(st.characters(max_codepoint=0x24F, exclude_categories=("Cc", "Cs")), max_size=40))
def test_repair_comes_to_an_end(text: str) -> None:
    """Whatever stands there: it never grows, and the stretches named lie apart and in order."""
    once = repaired(text)
    places = [place for one in mangled(text) for place in (one.start, one.end)]
    assert places == sorted(set(places))
    assert len(once) <= len(text)

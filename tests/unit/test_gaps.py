"""The numbers of gaps: kept through every edit, never given twice."""

from __future__ import annotations

from studypack.gaps import number_gaps, relabelled, renamed_labels, renamed_marks

TEXT = "The heart pumps blood through arteries."


def test_gaps_are_numbered_as_they_stand() -> None:
    """In a note that is new."""
    assert number_gaps(["b", "a"], {}, {}) == {"b": 1, "a": 2}


def test_gaps_keep_their_numbers_in_another_order() -> None:
    """Columns reordered, removed and added."""
    assert number_gaps(["c", "a", "n"], {"a": 1, "b": 2, "c": 3}, {}) == {"a": 1, "b": 2, "c": 3, "n": 4}


def test_a_number_is_never_given_again() -> None:
    """That of a vanished gap waits for its return."""
    before = number_gaps(["b"], {"a": 1}, {})
    assert before == {"a": 1, "b": 2}
    assert number_gaps(["a", "b"], before, {}) == {"a": 1, "b": 2}


def test_a_renamed_gap_keeps_its_number() -> None:
    """But not if the old label is there, too."""
    assert number_gaps(["new", "b"], {"a": 1, "b": 2}, {"new": "a"}) == {"new": 1, "b": 2}
    assert number_gaps(["new", "a"], {"a": 1}, {"new": "a"}) == {"a": 1, "new": 2}


def test_gaps_of_another_label_are_told() -> None:
    """Those whose number stayed; what vanished or came is none of them."""
    assert relabelled({"a": 2, "b": 1, "gone": 3}, {"b": 1, "new": 2, "gone": 3, "more": 4}) == (("a", "new"),)


def test_a_mark_with_a_slip_put_right_is_the_same() -> None:
    """Wherever it stands now."""
    assert renamed_marks(["arteries", "blood"], ["blood", "artereis"], TEXT) == {"arteries": "artereis"}


def test_a_mark_reworded_in_its_place_is_the_same() -> None:
    """Between the same marks as before, and where it only got longer."""
    assert renamed_marks(["heart", "blood"], ["muscle", "blood"], TEXT) == {"heart": "muscle"}
    assert renamed_marks(["great heart"], ["heart"], "The great heart pumps.") == {"great heart": "heart"}


def test_marks_that_all_got_longer_are_the_same() -> None:
    """Each has all the words of its old one; but that may not stand there still, unmarked."""
    text = "It ruled from November 1795 until November 1799."
    found = renamed_marks(["November 1795", "November 1799"], ["1795", "1799"], text)
    assert found == {"November 1795": "1795", "November 1799": "1799"}
    assert not renamed_marks(["heart valve", "blood"], ["heart"], "The heart has a heart valve for blood.")


def test_another_word_marked_is_another_mark() -> None:
    """The old words still stand there, unmarked."""
    assert not renamed_marks(["blood"], ["heart"], TEXT)


def test_a_mark_more_is_no_other_mark_renamed() -> None:
    """All that were there are still there."""
    assert not renamed_marks(["heart", "blood"], ["heart"], TEXT)


def test_a_column_is_known_by_its_cells() -> None:
    """If one of them says what no other says."""
    rows = [(("s",), "New: deep water\nB: no", "Old: deep water\nB: no"), (("s",), "New: yes", "Old: yes")]
    assert renamed_labels(rows) == {("s",): {"New": "Old"}}


def test_a_column_whose_cells_all_got_longer_is_the_same() -> None:
    """Renamed and spelled out at once."""
    cells = ("axillary", "axillary", "radial", "suprascapular")
    rows = [(("s",), f"Innervation: {cell} nerve\nB: x", f"Nerve: {cell}\nB: x") for cell in cells]
    assert renamed_labels(rows) == {("s",): {"Innervation": "Nerve"}}


def test_a_column_that_stayed_to_the_letter_is_known_by_many_rows() -> None:
    """No cell tells alone, but all of them do if they are of several sorts."""
    cells = ("flexion", "extension", "flexion", "rotation", "extension", "rotation")
    rows = [(("s",), f"Does: {cell}\nB: x", f"Action: {cell}\nB: x") for cell in cells]
    assert renamed_labels(rows) == {("s",): {"Does": "Action"}}
    assert not renamed_labels([rows[0], rows[0], rows[1], rows[1], rows[1], rows[1]])["s",]
    assert not renamed_labels([*rows, (("s",), "Does: flexion\nB: x", "Action: extension\nB: x")])["s",]


def test_a_column_of_common_cells_is_known_by_its_name() -> None:
    """Yes and no stand in many columns."""
    rows = [(("s",), f"{{}}: {cell}\nB: {cell}", f"Diesel: {cell}\nB: {cell}") for cell in ("yes", "no", "yes")]
    assert not renamed_labels([(at, now.format("Wind"), then) for at, now, then in rows])["s",]
    assert renamed_labels([(at, now.format("Big diesel"), then) for at, now, then in rows])["s",]


def test_a_column_in_the_place_of_another_is_another() -> None:
    """With other cells, whatever its name."""
    rows = [(("s",), "Wind: on hills\nB: x", "Coal: below ground\nB: x"), (("s",), "Wind: slow", "Coal: fast")]
    assert not renamed_labels(rows)["s",]

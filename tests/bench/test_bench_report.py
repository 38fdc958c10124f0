"""Tables, bounds and the generated blocks of the documentation."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from bench.__main__ import CASES, DOCUMENT, DOCUMENTS, FULL, write_documents, write_images
from bench.cases.common import Check, Findings
from bench.plots import Point, scaling_plot
from bench.report import blocks_of, machine, markdown_table, number, replace_block


def test_a_table_has_its_figures_to_the_right() -> None:
    assert markdown_table(("server", "ms"), [("toy", "98")]) == (
        "| server | ms |\n| --- | ---: |\n| toy | 98 |"
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1234.56, "1,234.6 ms"), (0, "0.0 ms"), (math.nan, "—")],
    ids=["thousands", "zero", "nothing measured"],
)
def test_a_number_is_written_for_people(value: float, expected: str) -> None:
    assert number(value, 1, " ms") == expected


@pytest.mark.parametrize(
    ("check", "holds"),
    [
        (Check("p95", 99, at_most=100), True),
        (Check("p95", 101, at_most=100), False),
        (Check("ratio", 35, at_least=35), True),
        (Check("ratio", math.nan, at_least=35), False),
    ],
    ids=["below", "above", "on the bound", "not measured"],
)
def test_a_bound_is_met_or_missed_in_words(check: Check, holds: bool) -> None:
    assert check.holds is holds
    assert ("missed" not in str(check)) is holds
    assert str(check) in str(Findings("table", [check]))


def test_a_block_is_replaced_and_the_rest_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Title\n<!-- bench:a -->\nold\n<!-- end -->\nwords\n<!-- bench:b -->\n<!-- end -->\n"
    )
    for text in ("first", "second"):
        replace_block(page, "a", text)
    assert page.read_text() == (
        "# Title\n<!-- bench:a -->\nsecond\n<!-- end -->\nwords\n<!-- bench:b -->\n<!-- end -->\n"
    )


@pytest.mark.parametrize("text", ["", "<!-- bench:a -->\nnever closed"], ids=["none", "open"])
def test_a_page_without_the_block_is_an_error(tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(text)
    with pytest.raises(ValueError, match="bench:a"):
        replace_block(page, "a", "new")
    assert page.read_text() == text


def test_every_case_has_its_block_in_the_documentation() -> None:
    assert set(blocks_of(DOCUMENT)) == {"machine", *FULL}
    assert set(FULL) < set(CASES)


# Filled by `python -m bench.capacity`.
CAPACITY = ("dynos", "sizes", "remedies")


def test_every_block_of_every_document_is_filled_by_a_case() -> None:
    for document in DOCUMENTS:
        assert set(blocks_of(document)) <= {"machine", *CASES, *CAPACITY}


def test_documents_get_what_was_measured_and_keep_the_rest(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- bench:flood -->\n1\n<!-- end -->\n<!-- bench:soak -->\n2\n<!-- end -->\n")
    write_documents({"flood": "3", "wire": "4"}, [page])
    assert page.read_text() == (
        "<!-- bench:flood -->\n3\n<!-- end -->\n<!-- bench:soak -->\n2\n<!-- end -->\n"
    )


def test_images_are_written_by_name(tmp_path: Path) -> None:
    write_images(Findings("", images={"plot.svg": b"<svg/>"}), tmp_path / "new")
    assert (tmp_path / "new" / "plot.svg").read_bytes() == b"<svg/>"


def test_the_machine_is_described_in_one_line() -> None:
    assert re.match(r"Measured on \d+ cores? \(.+\), Python 3\.\d+\.\d+, .+\.$", machine())


def test_a_plot_is_the_same_for_the_same_figures_and_bears_their_names() -> None:
    points = [
        Point("product", 1, 3.0, 2.1, 15),
        Point("product", 8, 4.0, 2.0, 120),
        Point("toy", 1, 100.0, 98.0, 10),
        Point("toy", 8, math.nan, math.nan, 0),
    ]
    drawn = scaling_plot(points)
    assert drawn == scaling_plot(points)
    assert all(word in drawn.decode() for word in ("product", "toy", "p95 latency, ms"))

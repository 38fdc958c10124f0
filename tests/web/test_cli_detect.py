"""``flask --app streamapp detect``: what it prints, writes and leaves with."""

from __future__ import annotations

import csv
import json
import os
import shutil
from pathlib import Path

import cv2
import pytest
from click.testing import CliRunner, Result
from flask import Flask

from bench.media import media
from streamapp.batch import Picture, find_pictures, name_outputs

ONE = media("single_face.jpg")


def detect(app: Flask, *arguments: object, stdin: bytes | None = None) -> Result:
    command = app.cli.commands["detect"]
    return CliRunner().invoke(command, [str(argument) for argument in arguments], input=stdin)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pictures of the same name, one bad one, and a file that is no picture."""
    for name in ("a/x.jpg", "b/x.jpg"):
        (tmp_path / name).parent.mkdir()
        shutil.copy(ONE, tmp_path / name)
    (tmp_path / "bad.PNG").write_bytes(b"no picture")
    (tmp_path / "notes.txt").write_text("no picture either")
    return tmp_path


def test_a_folder_is_counted_and_a_bad_file_does_not_stop_the_rest(
    app: Flask, folder: Path
) -> None:
    result = detect(app, folder)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "faces  picture",
        f"    1  {folder}/a/x.jpg",
        f"    1  {folder}/b/x.jpg",
        f"    -  {folder}/bad.PNG",
    ]
    assert result.stderr.startswith(f"{folder}/bad.PNG: ")
    assert "JPEG" in result.stderr


def test_good_pictures_leave_with_0(app: Flask, folder: Path) -> None:
    assert detect(app, folder / "a", folder / "b").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [(), ("--detector", "magic", str(ONE)), ("--jobs", "0", str(ONE)), ("--unknown", str(ONE))],
    ids=["no path", "an unknown detector", "no job", "an unknown option"],
)
def test_a_wrong_call_leaves_with_2(app: Flask, arguments: tuple[str, ...]) -> None:
    assert detect(app, *arguments).exit_code == 2


def test_a_folder_without_pictures_leaves_with_2_and_says_so(app: Flask, tmp_path: Path) -> None:
    result = detect(app, tmp_path)
    assert result.exit_code == 2
    assert "There is no JPEG or PNG file" in result.stderr


def test_what_is_not_there_or_cannot_be_read_is_a_bad_picture(app: Flask, tmp_path: Path) -> None:
    result = detect(app, tmp_path / "missing.jpg", ONE)
    assert result.exit_code == 1
    assert "missing.jpg: There is no such file." in result.stderr
    assert f"    1  {ONE}" in result.stdout


def test_a_pattern_is_a_list_of_files(app: Flask, folder: Path) -> None:
    result = detect(app, f"{folder}/**/x.jpg", "--csv", "-")
    assert result.exit_code == 0
    assert f"{folder}/b/x.jpg,1," in result.stdout


def test_standard_input_is_a_picture(app: Flask, tmp_path: Path) -> None:
    result = detect(app, "-", "--out", tmp_path, stdin=ONE.read_bytes())
    assert result.stdout.splitlines()[1] == "    1  (standard input)"
    assert cv2.imread(str(tmp_path / "standard-input-annotated.jpg")) is not None


def test_json_holds_what_the_api_tells(app: Flask, folder: Path) -> None:
    result = detect(app, folder, "--json", "--detector", "yunet", "--jobs", 2)
    first, second, bad = json.loads(result.stdout)
    assert set(first) == {"path", "width", "height", "detector", "count", "faces"}
    assert (first["count"], first["detector"]) == (1, "yunet")
    assert first["faces"] == second["faces"]
    assert bad == {"path": f"{folder}/bad.PNG", "error": bad["error"]}
    assert bad["error"]["code"] == "unsupported_media_type"


def test_csv_has_a_row_for_every_picture(
    app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(ONE, folder / "=1+1.jpg")
    table = folder / "counts.csv"
    monkeypatch.chdir(folder)
    detect(app, "=1+1.jpg", "bad.PNG", "--csv", table)
    rows = list(csv.reader(table.read_text().splitlines()))
    assert rows[0] == ["path", "count", "error"]
    assert rows[1] == ["'=1+1.jpg", "1", ""]
    assert rows[2][:2] == ["bad.PNG", ""]
    assert len(rows[2][2]) > 20


def test_annotated_pictures_never_take_each_others_place(app: Flask, folder: Path) -> None:
    out = folder / "out"
    for _ in range(2):  # the second run must not count the first one's output
        assert len(detect(app, folder, folder / "a", "--out", out).stdout.splitlines()) == 4
        files = {str(path.relative_to(out)) for path in out.rglob("*.jpg")}
        assert files == {"a/x-annotated.jpg", "b/x-annotated.jpg"}


def test_files_of_the_same_name_get_a_number() -> None:
    pictures = [Picture(Path(f), Path(Path(f).name)) for f in ("a/x.jpg", "b/x.jpg", "b/x.png")]
    outputs = [picture.output for picture in name_outputs(pictures, Path("out"))]
    assert outputs == [
        Path("out/x-annotated.jpg"),
        Path("out/x-annotated-2.jpg"),
        Path("out/x-annotated-3.jpg"),
    ]


def test_a_file_that_is_named_twice_is_counted_once(folder: Path) -> None:
    names = [f"{folder}/a", f"{folder}/a/x.jpg", f"{folder}/a/../a/x.jpg", "-", "-"]
    assert [picture.label for picture in find_pictures(names)] == [
        f"{folder}/a/x.jpg",
        "(standard input)",
    ]


def test_a_folder_that_cannot_be_written_is_named(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = detect(app, ONE, "--out", tmp_path / "file" / "below")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


def test_a_name_that_is_no_text_is_shown_all_the_same(app: Flask, tmp_path: Path) -> None:
    shutil.copy(ONE, os.fsencode(tmp_path) + b"/\xff.jpg")
    result = detect(app, tmp_path, "--json")
    assert json.loads(result.stdout)[0]["path"] == f"{tmp_path}/\ufffd.jpg"


def test_blur_leaves_no_face_in_the_annotated_picture(app: Flask, tmp_path: Path) -> None:
    detect(app, ONE, "--out", tmp_path, "--blur")
    again = detect(app, tmp_path / "single_face-annotated.jpg", "--json")
    assert json.loads(again.stdout)[0]["count"] == 0

"""Headers and decoding: real encoders' files read right, every other byte string refused."""

from __future__ import annotations

import contextlib
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow

from streamapp.errors import InputError, UnreadableImage, UnsupportedMedia
from streamapp.vision import codec
from streamapp.vision.headers import ImageHeader, read_header

SIZE = (37, 23)  # width, height


def encoded(mode: str, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    Pillow.new(mode, SIZE).save(file, kind, **options)
    return file.getvalue()


FILES = {
    "baseline": encoded("RGB", "JPEG"),
    "progressive": encoded("RGB", "JPEG", progressive=True),
    "cmyk": encoded("CMYK", "JPEG"),
    "grey": encoded("L", "JPEG"),
    "png": encoded("RGB", "PNG"),
    "palette": encoded("P", "PNG"),
    "sixteen-bit": encoded("I;16", "PNG"),
    "alpha": encoded("RGBA", "PNG"),
}
files = pytest.mark.parametrize("data", FILES.values(), ids=FILES)


@files
def test_real_encoders_files_are_read(data: bytes) -> None:
    header = read_header(data)
    assert (header.width, header.height) == SIZE
    assert codec.decode_image(data).shape == (SIZE[1], SIZE[0], 3)


@pytest.mark.parametrize(
    ("mode", "options"),
    [
        pytest.param("RGB", {}, id="baseline"),
        pytest.param("RGB", {"progressive": True}, id="progressive"),
        pytest.param("RGB", {"subsampling": 0}, id="colours at full resolution"),
        pytest.param("RGB", {"keep_rgb": True}, id="stored as RGB"),
        pytest.param("RGB", {"icc_profile": b"a profile of some kind"}, id="profile"),
        pytest.param("RGB", {"restart_marker_blocks": 1}, id="restart markers"),
        pytest.param("CMYK", {}, id="cmyk"),
        pytest.param("CMYK", {"progressive": True}, id="cmyk, progressive"),
    ],
)
@pytest.mark.parametrize("reduction", [1, 2, 4, 8])
def test_a_jpeg_has_the_colours_that_are_meant(
    mode: str, options: dict[str, object], reduction: int
) -> None:
    colors = ((200, 40, 40), (40, 200, 40), (40, 40, 200), (240, 240, 240))
    picture = Pillow.new("RGB", (64, 64))
    for color, corner in zip(colors, ((0, 0), (32, 0), (0, 32), (32, 32)), strict=True):
        picture.paste(color, (*corner, corner[0] + 32, corner[1] + 32))
    file = io.BytesIO()
    picture.convert(mode).save(file, "JPEG", quality=95, **options)
    decoded = codec.decode_image(file.getvalue(), reduction)
    for color, (x, y) in zip(colors, ((16, 16), (48, 16), (16, 48), (48, 48)), strict=True):
        assert decoded[y // reduction, x // reduction, ::-1].tolist() == pytest.approx(color, abs=6)


def test_the_inverted_colours_of_ycck_are_seen_as_meant() -> None:
    file = io.BytesIO()
    Pillow.new("CMYK", (32, 32), (0, 200, 200, 20)).save(file, "JPEG", quality=95)
    cmyk = file.getvalue()
    adobe = cmyk.index(b"Adobe") + 11  # the colour transform's number: 2 is YCCK
    ycck = cmyk[:adobe] + b"\2" + cmyk[adobe + 1 :]
    with Pillow.open(io.BytesIO(ycck)) as expected:
        color = expected.convert("RGB").getpixel((9, 9))
    assert codec.decode_image(ycck)[9, 9, ::-1].tolist() == pytest.approx(color, abs=6)


@pytest.mark.parametrize(
    ("mode", "options", "bytes_a_pixel"),
    [
        pytest.param("RGB", {}, 0, id="baseline"),
        pytest.param("RGB", {"progressive": True, "subsampling": 2}, 3, id="progressive 4:2:0"),
        pytest.param("RGB", {"progressive": True, "subsampling": 0}, 6, id="progressive 4:4:4"),
        pytest.param("L", {"progressive": True}, 2, id="progressive, grey"),
        pytest.param("CMYK", {"progressive": True}, 8, id="progressive, cmyk"),
    ],
)
def test_the_header_tells_what_a_decoder_has_to_hold(
    mode: str, options: dict[str, object], bytes_a_pixel: int
) -> None:
    header = read_header(encoded(mode, "JPEG", **options))
    assert header.held_bytes == pytest.approx(header.pixels * bytes_a_pixel, abs=4)


@pytest.mark.parametrize(
    ("pixels", "most", "reduction"),
    [(100, 100, 1), (101, 100, 2), (400, 100, 2), (401, 100, 4), (1601, 100, 8), (9999, 100, 8)],
)
def test_a_reduction_is_no_stronger_than_needed(pixels: int, most: int, reduction: int) -> None:
    assert codec.reduction_for(ImageHeader("jpeg", pixels, 1), most) == reduction


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_of_exif_is_read_and_applied(orientation: int) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    data = encoded("RGB", "JPEG", exif=exif)
    header = read_header(data)
    assert header.orientation == orientation
    assert codec.decode_image(data).shape[1::-1] == header.upright_wh


@files
def test_a_file_cut_anywhere_is_refused_by_name(data: bytes) -> None:
    for cut in range(len(data)):
        with pytest.raises((UnreadableImage, UnsupportedMedia)):
            read_header(data[:cut])


@given(st.binary(max_size=300), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]))
def test_arbitrary_bytes_raise_nothing_but_our_errors(tail: bytes, start: bytes) -> None:
    with contextlib.suppress(InputError):
        read_header(start + tail)


@given(st.sampled_from(sorted(FILES)), st.integers(0), st.integers(0, 7))
def test_a_flipped_bit_raises_nothing_but_our_errors(name: str, place: int, bit: int) -> None:
    data = bytearray(FILES[name])
    data[place % len(data)] ^= 1 << bit
    with contextlib.suppress(InputError):
        read_header(bytes(data))


@pytest.mark.parametrize(
    ("size", "options"),
    [
        pytest.param((640, 480), {}, id="as webcams send it"),
        pytest.param((641, 479), {"subsampling": 0, "optimize": True}, id="own tables, 4:4:4"),
        pytest.param((1920, 1080), {"restart_marker_blocks": 8}, id="with restarts"),
        pytest.param((16, 16), {"progressive": True}, id="progressive"),
    ],
)
def test_what_follows_the_image_does_not_change_its_header(
    size: tuple[int, int], options: dict[str, object]
) -> None:
    file = io.BytesIO()
    Pillow.effect_noise(size, 60).convert("RGB").save(file, "JPEG", **options)
    data = file.getvalue()
    for end in (b"", b"more", data):
        assert read_header(data + end) == read_header(data)
        assert read_header(data + end).upright_wh == size


def test_bytes_after_the_end_of_the_image_are_accepted() -> None:
    assert read_header(FILES["baseline"] + b"more").width == SIZE[0]


@pytest.mark.parametrize("reduction", [1, 2, 4, 8])
def test_a_reduced_grey_picture_is_rounded_up(reduction: int) -> None:
    gray = codec.decode_gray_reduced(FILES["baseline"], reduction)
    assert gray.shape == (-(-SIZE[1] // reduction), -(-SIZE[0] // reduction))
    assert gray.dtype == np.uint8


def _app1(orientation: int) -> bytes:
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    body = exif.tobytes()
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body


@pytest.mark.parametrize("orientations", [(6, 1), (1, 6), (3, 6)], ids=str)
def test_of_two_orientations_the_header_takes_the_one_the_decoder_takes(
    orientations: tuple[int, int],
) -> None:
    file = io.BytesIO()
    Pillow.new("RGB", (40, 20)).save(file, "JPEG")
    plain = file.getvalue()
    data = plain[:2] + b"".join(map(_app1, orientations)) + plain[2:]
    height, width = codec.decode_image(data).shape[:2]
    assert read_header(data).upright_wh == (width, height)


def test_a_picture_without_pixels_is_refused() -> None:
    file = io.BytesIO()
    Pillow.new("RGB", (40, 20)).save(file, "JPEG")
    jpeg = file.getvalue()
    without_scan = jpeg[: jpeg.index(b"\xff\xda")] + b"\xff\xd9"
    file = io.BytesIO()
    Pillow.new("RGB", (40, 20)).save(file, "PNG")
    png = file.getvalue()
    start = png.index(b"IDAT") - 4
    end = png.index(b"IEND") - 4
    for data in (without_scan, png[:start] + png[end:]):
        with pytest.raises(UnreadableImage, match="no picture"):
            read_header(data)

"""Every kind of PNG comes out in the colours that it means, in strips, at every reduction."""

from __future__ import annotations

import io
import struct
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from streamapp.errors import UnreadableImage
from streamapp.vision import png
from streamapp.vision.codec import decode_image

# Four fields of one colour each, so large that reductions leave their middles as they are.
WIDTH, HEIGHT = 96, 64
FIELDS_RGB = ((200, 40, 40), (40, 200, 40), (40, 40, 200), (240, 240, 240))


def fields(*colors: tuple[int, ...]) -> np.ndarray:
    picture = np.empty((HEIGHT, WIDTH, len(colors[0])), np.uint8)
    picture[:32, :48], picture[:32, 48:], picture[32:, :48], picture[32:, 48:] = colors
    return picture


def png_of(mode: str, **options: object) -> bytes:
    file = io.BytesIO()
    Pillow.fromarray(fields(*FIELDS_RGB)).convert(mode).save(file, "PNG", **options)
    return file.getvalue()


def raw_png(depth: int, color: int, rows: list[bytes], interlace: int = 0, **more: bytes) -> bytes:
    """A PNG of our own making: lines without filters, chunks as given."""
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, color, 0, 0, interlace)
    body = zlib.compress(b"".join(b"\0" + row for row in rows))
    chunks = [(b"IHDR", header), *((k.encode(), v) for k, v in more.items()), (b"IDAT", body)]
    return png.PNG_SIGNATURE + b"".join(png._chunk(*chunk) for chunk in [*chunks, (b"IEND", b"")])


def sixteen_bits(*colors: tuple[int, ...]) -> list[bytes]:
    return [(row.astype(">u2") * 257).tobytes() for row in fields(*colors)]


def interlaced(picture: np.ndarray) -> list[bytes]:
    return [
        row.tobytes()
        for step in png._ADAM7
        for row in picture[step.y :: step.dy, step.x :: step.dx]
    ]


def grey_of(rgb: tuple[int, int, int]) -> tuple[int, int, int]:
    return (Pillow.new("RGB", (1, 1), rgb).convert("L").getpixel((0, 0)),) * 3


def on_white(color: tuple[int, int, int], alpha: int) -> tuple[int, int, int]:
    return tuple(round((c * alpha + 255 * (255 - alpha)) / 255) for c in color)


ALPHAS = (255, 128, 0, 10)
RGBA = tuple((*color, alpha) for color, alpha in zip(FIELDS_RGB, ALPHAS, strict=True))
SEEN_THROUGH = tuple(on_white(c, a) for c, a in zip(FIELDS_RGB, ALPHAS, strict=True))
GREYS = tuple(grey_of(color) for color in FIELDS_RGB)
GREY_ALPHA = tuple((grey[0], alpha) for grey, alpha in zip(GREYS, ALPHAS, strict=True))
GREY_THROUGH = tuple(on_white(g, a) for g, a in zip(GREYS, ALPHAS, strict=True))
BLACK, WHITE = (0, 0, 0), (255, 255, 255)
PALETTE = bytes(value for color in FIELDS_RGB for value in color)
TWO_BITS = [bytes([0b00000000] * 12 + [0b01010101] * 12)] * 32 + [
    bytes([0b10101010] * 12 + [0b11111111] * 12)
] * 32

KINDS: dict[str, tuple[bytes, tuple[tuple[int, int, int], ...]]] = {
    "RGB": (png_of("RGB"), FIELDS_RGB),
    "grey": (png_of("L"), GREYS),
    "palette": (
        raw_png(8, 3, [r.tobytes() for r in fields((0,), (1,), (2,), (3,))], PLTE=PALETTE),
        FIELDS_RGB,
    ),
    "palette of two bits": (raw_png(2, 3, TWO_BITS, PLTE=PALETTE), FIELDS_RGB),
    "palette with alpha": (
        raw_png(2, 3, TWO_BITS, PLTE=PALETTE, tRNS=bytes(ALPHAS)),
        SEEN_THROUGH,
    ),
    "grey of two bits": (raw_png(2, 0, TWO_BITS), (BLACK, (85,) * 3, (170,) * 3, WHITE)),
    "grey with a hole": (
        raw_png(2, 0, TWO_BITS, tRNS=b"\0\1"),
        (BLACK, WHITE, (170,) * 3, WHITE),
    ),
    "RGB with a hole": (
        raw_png(8, 2, [r.tobytes() for r in fields(*FIELDS_RGB)], tRNS=b"\0\xc8\0\x28\0\x28"),
        (WHITE, *FIELDS_RGB[1:]),
    ),
    "alpha": (raw_png(8, 6, [row.tobytes() for row in fields(*RGBA)]), SEEN_THROUGH),
    "grey alpha": (raw_png(8, 4, [r.tobytes() for r in fields(*GREY_ALPHA)]), GREY_THROUGH),
    "sixteen bits": (raw_png(16, 2, sixteen_bits(*FIELDS_RGB)), FIELDS_RGB),
    "sixteen bits, grey": (raw_png(16, 0, sixteen_bits(*((g[0],) for g in GREYS))), GREYS),
    "sixteen bits, alpha": (raw_png(16, 6, sixteen_bits(*RGBA)), SEEN_THROUGH),
    "sixteen bits, grey alpha": (raw_png(16, 4, sixteen_bits(*GREY_ALPHA)), GREY_THROUGH),
    "sixteen bits with a hole": (
        raw_png(16, 2, sixteen_bits(*FIELDS_RGB), tRNS=b"\xc8\xc8\x28\x28\x28\x28"),
        (WHITE, *FIELDS_RGB[1:]),
    ),
    "interlaced": (raw_png(8, 2, interlaced(fields(*FIELDS_RGB)), 1), FIELDS_RGB),
    "interlaced, alpha": (raw_png(8, 6, interlaced(fields(*RGBA)), 1), SEEN_THROUGH),
}


@pytest.mark.parametrize("reduction", [1, 2, 4, 8])
@pytest.mark.parametrize(("data", "colors"), KINDS.values(), ids=KINDS)
def test_the_colours_are_those_that_are_meant(
    data: bytes, colors: tuple[tuple[int, int, int], ...], reduction: int
) -> None:
    picture = decode_image(data, reduction)
    assert picture.shape == (HEIGHT // reduction, WIDTH // reduction, 3)
    for color, (x, y) in zip(colors, ((24, 16), (72, 16), (24, 48), (72, 48)), strict=True):
        assert tuple(picture[y // reduction, x // reduction, ::-1].tolist()) == color


@pytest.mark.parametrize("strip_bytes", [1, 1000, 10**6])
@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "P", "1"])
@pytest.mark.parametrize("size", [(61, 47), (8, 8), (9, 133)], ids=str)
def test_strips_of_any_size_make_the_same_picture(
    monkeypatch: pytest.MonkeyPatch, strip_bytes: int, mode: str, size: tuple[int, int]
) -> None:
    noise = np.random.default_rng(3).integers(0, 255, (*size[::-1], 3), np.uint8)
    noise = cv2.GaussianBlur(noise, (0, 0), 2)  # so that the encoder uses every filter
    file = io.BytesIO()
    Pillow.fromarray(noise).convert(mode).save(file, "PNG")
    monkeypatch.setattr(png, "_STRIP_BYTES", strip_bytes)
    with Pillow.open(file) as expected:
        assert (png.decode_png(file.getvalue())[..., ::-1] == expected.convert("RGB")).all()
    for reduction in (2, 4, 8):
        shape = png.decode_png(file.getvalue(), reduction).shape
        assert shape == (-(-size[1] // reduction), -(-size[0] // reduction), 3)


def test_of_an_animation_it_is_the_first_picture() -> None:
    file = io.BytesIO()
    first, *others = (Pillow.new("RGB", (32, 32), color) for color in FIELDS_RGB)
    first.save(file, "PNG", save_all=True, append_images=others)
    assert decode_image(file.getvalue())[16, 16, ::-1].tolist() == list(FIELDS_RGB[0])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_turns_a_png_as_it_does_for_other_viewers(orientation: int) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    data = png_of("RGB", exif=exif)
    expected = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert (decode_image(data) == expected).all()


ROWS = [row.tobytes() for row in fields(*FIELDS_RGB)]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(raw_png(8, 2, ROWS[:-1]), id="a line is missing"),
        pytest.param(raw_png(8, 2, interlaced(fields(*FIELDS_RGB))[:-9], 1), id="half a pass"),
        pytest.param(raw_png(3, 2, ROWS), id="three bits"),
        pytest.param(raw_png(8, 5, ROWS), id="a colour type that is none"),
        pytest.param(raw_png(8, 2, ROWS, 2), id="an interlacing that is none"),
        pytest.param(raw_png(8, 3, ROWS), id="a palette that is not there"),
        pytest.param(
            KINDS["RGB"][0].replace(b"IDAT", b"IDaT"), id="checksums that are not those of the data"
        ),
    ],
)
def test_a_picture_that_is_not_whole_or_not_known_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableImage):
        decode_image(data)


def test_a_filter_that_there_is_not_is_refused() -> None:
    data = raw_png(8, 2, ROWS)
    body = zlib.compress(b"".join(b"\5" + row for row in ROWS))
    start, end = data.index(b"IDAT") - 4, data.index(b"IEND") - 4
    with pytest.raises(UnreadableImage):
        decode_image(data[:start] + png._chunk(b"IDAT", body) + data[end:])


def test_a_bomb_is_unpacked_only_as_far_as_its_size_says() -> None:
    rows = zlib.compress(b"".join(b"\0" + row for row in ROWS) + bytes(50_000_000))
    data = raw_png(8, 2, ROWS)
    start, end = data.index(b"IDAT") - 4, data.index(b"IEND") - 4
    bomb = data[:start] + png._chunk(b"IDAT", rows) + data[end:]
    assert (decode_image(bomb) == decode_image(data)).all()

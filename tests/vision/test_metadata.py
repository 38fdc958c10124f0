"""What a stored original tells of its maker: nothing; and its pixels stay the same to the bit."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import ImageCms
from PIL.PngImagePlugin import PngInfo

from streamapp.errors import InputError
from streamapp.vision.codec import decode_image
from streamapp.vision.headers import read_header
from streamapp.vision.metadata import without_metadata

SIZE = (40, 24)
SECRET = b"Kilroy was here"
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def stripped(data: bytes) -> bytes:
    return without_metadata(data, read_header(data))


def picture(mode: str = "RGB") -> Pillow.Image:
    noise = np.random.default_rng(1).integers(0, 255, (*SIZE[::-1], 3), np.uint8)
    return Pillow.fromarray(noise).convert(mode)


def exif(orientation: int = 1) -> bytes:
    tags = Pillow.Exif()
    tags[0x0112] = orientation
    tags[0x010F] = SECRET.decode()  # the camera's maker
    tags.get_ifd(0x8825)[0x001D] = "2026:11:23"  # the day, in the GPS directory
    return tags.tobytes()


def jpeg(mode: str = "RGB", **options: object) -> bytes:
    file = io.BytesIO()
    picture(mode).save(file, "JPEG", **options)
    return file.getvalue()


def with_segments(*segments: tuple[int, bytes]) -> bytes:
    plain = jpeg()
    added = (struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body for marker, body in segments)
    return plain[:20] + b"".join(added) + plain[20:]  # after JFIF's segment


def png(mode: str = "RGB", **options: object) -> bytes:
    file = io.BytesIO()
    picture(mode).save(file, "PNG", **options)
    return file.getvalue()


def with_chunk(kind: bytes, body: bytes) -> bytes:
    plain, place = png(), 8 + 25  # after IHDR
    checksum = struct.pack(">I", zlib.crc32(kind + body))
    return plain[:place] + struct.pack(">I", len(body)) + kind + body + checksum + plain[place:]


def png_text() -> PngInfo:
    text = PngInfo()
    text.add_text("Author", SECRET.decode())
    text.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    text.add_text("Place", SECRET.decode(), zip=True)
    return text


def animation() -> bytes:
    file = io.BytesIO()
    picture().save(file, "PNG", save_all=True, append_images=[Pillow.new("RGB", SIZE)])
    return file.getvalue()


FILES = {
    "exif": jpeg(exif=exif()),
    "comment": jpeg(comment=SECRET),
    "xmp": with_segments((0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET)),
    "photoshop": with_segments((0xED, b"Photoshop 3.0\0" + SECRET)),
    "a preview in a second JFIF segment": with_segments((0xE0, b"JFXX\0\x10" + SECRET)),
    "a segment two that is no profile": with_segments((0xE2, b"FPXR\0" + SECRET)),
    "colour profile": jpeg(icc_profile=PROFILE, exif=exif()),
    "cmyk": jpeg("CMYK", exif=exif()),
    "grey": jpeg("L", exif=exif()),
    "progressive": jpeg(progressive=True, exif=exif()),
    "restart markers": jpeg(restart_marker_blocks=2, exif=exif()),
    "a film after the end": jpeg() + b"\0\0\0\x18ftypmp42" + SECRET,
    "a zip after the end": jpeg() + b"PK\x03\x04" + SECRET,
    "png exif": png(exif=exif()),
    "png text": png(pnginfo=png_text()),
    "png time": with_chunk(b"tIME", SECRET[:7]),
    "png private chunk": with_chunk(b"prVt", SECRET),
    "png profile": png(icc_profile=PROFILE, pnginfo=png_text()),
    "png palette": png("P", exif=exif()),
    "png alpha": png("RGBA", exif=exif()),
    "png animation": animation() + SECRET,
    **{f"orientation {turn}": jpeg(exif=exif(turn)) for turn in range(2, 9)},
    **{f"png orientation {turn}": png(exif=exif(turn)) for turn in range(2, 9)},
}
files = pytest.mark.parametrize("data", FILES.values(), ids=FILES)


@files
def test_nothing_is_told_and_no_pixel_changes(data: bytes) -> None:
    clean = stripped(data)
    for secret in (SECRET, b"GPS", b"2026:11:23", SECRET[:7], zlib.compress(SECRET)):
        assert secret not in clean
    assert read_header(clean) == read_header(data)
    assert (decode_image(clean) == decode_image(data)).all()
    with Pillow.open(io.BytesIO(clean)) as after, Pillow.open(io.BytesIO(data)) as before:
        assert after.tobytes() == before.tobytes()
        assert after.info.get("icc_profile") == before.info.get("icc_profile")
        assert set(after.getexif()) <= {0x0112}
        assert getattr(after, "n_frames", 1) == getattr(before, "n_frames", 1)


@files
def test_a_clean_file_stays_as_it_is(data: bytes) -> None:
    assert stripped(stripped(data)) == stripped(data)


def test_a_preview_inside_the_jfif_segment_goes() -> None:
    plain = jpeg()
    body = plain[6:18] + b"\x02\x02" + SECRET[:12]  # 2 x 2 pixels of RGB
    data = plain[:2] + struct.pack(">BBH", 0xFF, 0xE0, len(body) + 2) + body + plain[20:]
    assert stripped(data) == stripped(plain)


@given(
    st.sampled_from(sorted(FILES)),
    st.lists(st.tuples(st.integers(0), st.integers(0, 255)), min_size=1, max_size=4),
    st.integers(0, 40),
)
def test_a_damaged_file_raises_nothing_but_our_errors(
    name: str, changes: list[tuple[int, int]], cut: int
) -> None:
    data = bytearray(FILES[name])
    for place, value in changes:
        data[place % len(data)] = value
    with contextlib.suppress(InputError):
        clean = stripped(bytes(data[: len(data) - cut]))
        assert read_header(clean).pixels > 0

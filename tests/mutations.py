"""Photos broken in every way that a program can think of, the same on every machine."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Iterator

import numpy as np
from PIL import Image as Pillow

_INTERESTING = (0, 1, 0x7F, 0x80, 0xC0, 0xD8, 0xD9, 0xDA, 0xFE, 0xFF)


def seeds() -> dict[str, bytes]:
    """Small files of real encoders, one of each kind."""
    noise = np.random.default_rng(5).integers(0, 255, (24, 32, 3), np.uint8)
    photo = Pillow.fromarray(noise).resize((64, 48))
    exif = Pillow.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "a camera"
    kinds: dict[str, tuple[str, str, dict[str, object]]] = {
        "jpeg": ("RGB", "JPEG", {"exif": exif}),
        "progressive": ("RGB", "JPEG", {"progressive": True, "comment": b"hello"}),
        "cmyk": ("CMYK", "JPEG", {}),
        "grey": ("L", "JPEG", {"restart_marker_blocks": 2}),
        "png": ("RGB", "PNG", {"exif": exif}),
        "palette": ("P", "PNG", {}),
        "alpha": ("RGBA", "PNG", {"pnginfo": None}),
        "one bit": ("1", "PNG", {}),
        "sixteen bits": ("I;16", "PNG", {}),
        "animation": ("RGB", "PNG", {"save_all": True, "append_images": [photo]}),
    }
    files = {}
    for name, (mode, kind, options) in kinds.items():
        file = io.BytesIO()
        source = photo.convert("L") if mode == "I;16" else photo
        source.convert(mode).save(file, kind, **options)
        files[name] = file.getvalue()
    return files


def mutated(count: int, seed: int = 0) -> Iterator[bytes]:
    """``count`` files, each broken in one to three ways; PNG checksums are mostly mended."""
    chance = random.Random(seed)
    files = list(seeds().values())
    for _ in range(count):
        data = bytearray(chance.choice(files))
        for _ in range(chance.randint(1, 3)):
            chance.choice(_WAYS)(data, chance, files)
        if data[:4] == b"\x89PNG" and chance.random() < 0.8:
            data = _with_checksums(data)
        yield bytes(data)


def _flip(data: bytearray, chance: random.Random, _files: list[bytes]) -> None:
    for _ in range(chance.randint(1, 8)):
        if data:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _overwrite(data: bytearray, chance: random.Random, _files: list[bytes]) -> None:
    for _ in range(chance.randint(1, 8)):
        if data:
            # Most of what matters stands near the beginning.
            reach = len(data) if chance.random() < 0.5 else min(200, len(data))
            data[chance.randrange(reach)] = chance.choice(_INTERESTING)


def _cut(data: bytearray, chance: random.Random, _files: list[bytes]) -> None:
    start = chance.randrange(len(data) + 1)
    del data[start : start + chance.choice((1, 2, 13, 100, 10_000))]


def _repeat(data: bytearray, chance: random.Random, _files: list[bytes]) -> None:
    start = chance.randrange(len(data) + 1)
    data[start:start] = data[start : start + chance.choice((1, 12, 64, 500))] * chance.randint(1, 3)


def _splice(data: bytearray, chance: random.Random, files: list[bytes]) -> None:
    other = chance.choice(files)
    start = chance.randrange(len(other))
    data[chance.randrange(len(data) + 1) :] = other[start:]


def _grow(data: bytearray, chance: random.Random, _files: list[bytes]) -> None:
    """Claim other sizes than the picture has."""
    place = data.find(b"IHDR") + 4 if data[:4] == b"\x89PNG" else data.find(b"\xff\xc0") + 5
    if place < 10 or place + 8 > len(data):
        return
    size = chance.choice((0, 1, 47, 49, 255, 4096, 65_535))
    form = ">I" if data[:4] == b"\x89PNG" else ">H"
    struct.pack_into(form, data, place + chance.choice((0, struct.calcsize(form))), size)


_WAYS = (_flip, _overwrite, _cut, _repeat, _splice, _grow)


def _with_checksums(data: bytearray) -> bytearray:
    """The same with the checksum of every chunk made right, as far as chunks can be told."""
    position = 8
    while position + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, position)
        end = position + 8 + length
        if end + 4 > len(data):
            break
        struct.pack_into(">I", data, end, zlib.crc32(data[position + 4 : end]))
        position = end + 4
    return data

"""The records and the tables they are kept in. A change here needs a migration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa


@dataclass(frozen=True)
class FaceRecord:
    """One face of a still: ``box`` is xywh in whole pixels of the upright picture."""

    box: tuple[int, int, int, int]
    confidence: float


@dataclass(frozen=True)
class ImageRecord:
    """One uploaded image and what was found in it."""

    id: str  # 128 random bits in hex: knowing it is the right to view
    owner: str
    owner_known: bool  # the uploader came with its cookie, so only it may delete
    filename: str  # as the client named it; text to show, never a path
    created_at: datetime  # UTC
    width: int  # of the upright picture
    height: int
    detector: str
    faces: tuple[FaceRecord, ...]
    original_key: str
    annotated_key: str
    thumbnail_key: str | None = None  # None: uploaded before there were thumbnails

    @property
    def keys(self) -> tuple[str, ...]:
        """Of all blobs that belong to the image: saved, deleted and swept together."""
        own = (self.original_key, self.annotated_key, self.thumbnail_key)
        return tuple(key for key in own if key is not None)

    @property
    def count(self) -> int:
        """How many faces were found."""
        return len(self.faces)


@dataclass(frozen=True)
class SessionRecord:
    """One recording of a webcam's counts. Moments are milliseconds since 1970, UTC."""

    id: str  # 128 random bits in hex
    owner: str
    name: str  # as its owner calls it, may be empty; text to show
    started_at: int
    ended_at: int | None  # None while it runs
    seen_at: int  # the last sign of life of whoever records
    writer: str  # the public id of the stream that records; the newest one is right
    peak: int
    tracks_seen: int
    samples: int  # how many, and the sum of their counts
    total: int

    @property
    def average(self) -> float:
        """The mean of all samples' counts."""
        return self.total / self.samples if self.samples else 0.0


Sample = tuple[int, int]  # milliseconds since 1970, count


@dataclass(frozen=True)
class Batch:
    """What a recorder adds to its session at once. It never changes, so it may be sent again."""

    session_id: str
    writer: str
    samples: tuple[Sample, ...]  # in order of time; empty: only a sign of life
    new_tracks: int
    seen_at: int
    ended_at: int | None = None


@dataclass(frozen=True)
class LinkRecord:
    """A link that is a secret: of its token only the hash is kept."""

    token_hash: str
    kind: str  # "watch" or "join"
    owner: str
    name: str
    used_at: int  # milliseconds since 1970: made, or last gone on with
    expires_at: int | None


metadata = sa.MetaData(
    # Named constraints can be altered by later migrations on every database.
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

images = sa.Table(
    "images",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("owner_known", sa.Boolean, nullable=False),
    sa.Column("filename", sa.Text, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("detector", sa.String(16), nullable=False),
    sa.Column("faces", sa.JSON, nullable=False),
    sa.Column("original_key", sa.String(200), nullable=False),
    sa.Column("annotated_key", sa.String(200), nullable=False),
    sa.Column("thumbnail_key", sa.String(200), nullable=True),
    # Lists are one owner's, newest first; what expires is the oldest of all.
    sa.Index(None, "owner", "created_at", "id"),
    sa.Index(None, "created_at"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("started_at", sa.BigInteger, nullable=False),
    sa.Column("ended_at", sa.BigInteger),
    sa.Column("seen_at", sa.BigInteger, nullable=False),
    sa.Column("writer", sa.String(32), nullable=False),
    sa.Column("peak", sa.Integer, nullable=False),
    sa.Column("tracks_seen", sa.Integer, nullable=False),
    sa.Column("samples", sa.BigInteger, nullable=False),
    sa.Column("total", sa.BigInteger, nullable=False),
    sa.Index(None, "owner", "started_at", "id"),
    sa.Index(None, "seen_at"),
)

# One row a batch, not a sample: a day is 8,640 rows of a few hundred bytes.
session_counts = sa.Table(
    "session_counts",
    metadata,
    sa.Column("session_id", sa.String(32), primary_key=True),
    sa.Column("first_at", sa.BigInteger, primary_key=True),
    sa.Column("writer", sa.String(32), primary_key=True),
    sa.Column("samples", sa.JSON, nullable=False),
)

links = sa.Table(
    "links",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("used_at", sa.BigInteger, nullable=False),
    sa.Column("expires_at", sa.BigInteger),
)

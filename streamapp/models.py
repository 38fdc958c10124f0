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

    @property
    def keys(self) -> tuple[str, ...]:
        """Of all blobs that belong to the image: saved, deleted and swept together."""
        return (self.original_key, self.annotated_key)

    @property
    def count(self) -> int:
        """How many faces were found."""
        return len(self.faces)


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
    # Lists are one owner's, newest first.
    sa.Index(None, "owner", "created_at", "id"),
)

"""Images and the faces found in them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "images",
        sa.Column("id", sa.String(32), nullable=False),
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
        sa.PrimaryKeyConstraint("id", name="pk_images"),
    )
    op.create_index("ix_images_owner_created_at_id", "images", ["owner", "created_at", "id"])


def downgrade() -> None:
    op.drop_table("images")

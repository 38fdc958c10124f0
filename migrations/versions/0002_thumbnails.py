"""Small pictures for lists, and a quick way to what has expired."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("images") as images:
        images.add_column(sa.Column("thumbnail_key", sa.String(200), nullable=True))
        images.create_index("ix_images_created_at", ["created_at"])


def downgrade() -> None:
    with op.batch_alter_table("images") as images:
        images.drop_index("ix_images_created_at")
        images.drop_column("thumbnail_key")

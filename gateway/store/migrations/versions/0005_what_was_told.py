"""What a clerk was told when he got the right to decide about a mail that was set aside."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Of tokens given before it is not known: who accepts a mail by one gets a new notice first."""
    op.add_column("thread_token", sa.Column("told", json, nullable=True))

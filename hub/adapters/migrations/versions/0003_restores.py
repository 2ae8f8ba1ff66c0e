"""A restore from a backup is written down, with where every ledger stood then."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('restores',
    sa.Column('generation', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('until', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('generation', name=op.f('pk_restores'))
    )
    op.create_table('restored_ledgers',
    sa.Column('generation', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('kiosk_id', sa.Text(), nullable=False),
    sa.Column('epoch', sa.Text(), nullable=False),
    sa.Column('held', sa.BigInteger(), nullable=False),
    sa.Column('once', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('generation', 'store_id', 'kiosk_id', 'epoch', name=op.f('pk_restored_ledgers'))
    )


def downgrade() -> None:
    op.drop_table('restored_ledgers')
    op.drop_table('restores')

"""Answers that are probably no shopper's are counted apart; registers can be silent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

TALLIES = ('tallies', 'store_tallies', 'releases')


def upgrade() -> None:
    for table in TALLIES:
        op.add_column(table, sa.Column('suspect', sa.BigInteger(), server_default='0', nullable=False))
    op.create_table('suspects',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('ledger', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('store_id', 'ledger', 'seq', name=op.f('pk_suspects')),
    sqlite_with_rowid=False
    )
    op.create_table('decisions',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('day', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('counted', sa.Boolean(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['store_id'], ['stores.store_id'], name=op.f('fk_decisions_store_id')),
    sa.PrimaryKeyConstraint('store_id', 'day', 'code', name=op.f('pk_decisions'))
    )
    op.create_table('silences',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('point_id', sa.Text(), nullable=False),
    sa.Column('sales', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('touched_at', sa.BigInteger(), nullable=True),
    sa.Column('told_at', sa.BigInteger(), nullable=True),
    sa.Column('expected', sa.Float(), nullable=True),
    sa.PrimaryKeyConstraint('store_id', 'point_id', name=op.f('pk_silences')),
    sqlite_with_rowid=False
    )


def downgrade() -> None:
    op.drop_table('silences')
    op.drop_table('decisions')
    op.drop_table('suspects')
    for table in TALLIES:
        op.drop_column(table, 'suspect')

"""The wait beside what shoppers answered, and what one more register would have done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('wait_marks',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('ledger', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('store_id', 'ledger', name=op.f('pk_wait_marks')),
    sqlite_with_rowid=False
    )
    op.create_table('wait_services',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('day', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('mean', sa.Float(), nullable=False),
    sa.Column('square', sa.Float(), nullable=False),
    sa.PrimaryKeyConstraint('store_id', 'day', name=op.f('pk_wait_services')),
    sqlite_with_rowid=False
    )
    op.create_table('wait_weeks',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('week', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('store_id', 'week', name=op.f('pk_wait_weeks')),
    sqlite_with_rowid=False
    )
    op.create_table('wait_whatifs',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('line_id', sa.Text(), nullable=False),
    sa.Column('begins', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('ends', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('day', sa.Integer(), nullable=False),
    sa.Column('worst', sa.Integer(), nullable=False),
    sa.Column('shoppers', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('observed', sa.Float(), nullable=True),
    sa.Column('after', sa.Float(), nullable=True),
    sa.Column('why', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('store_id', 'line_id', 'begins', 'ends', name=op.f('pk_wait_whatifs')),
    sqlite_with_rowid=False
    )


def downgrade() -> None:
    op.drop_table('wait_whatifs')
    op.drop_table('wait_weeks')
    op.drop_table('wait_services')
    op.drop_table('wait_marks')

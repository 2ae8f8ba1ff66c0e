"""What is told of days that are over is written down; steps know what they hold back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

COUNTS = ('sales', 'sad', 'neutral', 'happy', 'skipped', 'timed_out', 'blocked')


def upgrade() -> None:
    op.create_table('releases',
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('day', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('point_id', sa.Text(), nullable=False),
    sa.Column('hour', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('hour_of_day', sa.SmallInteger(), nullable=False),
    *(sa.Column(name, sa.BigInteger(), server_default='0', nullable=False) for name in COUNTS),
    sa.PrimaryKeyConstraint('kind', 'store_id', 'day', 'point_id', 'hour', name=op.f('pk_releases')),
    sqlite_with_rowid=False
    )
    op.execute('DELETE FROM steps')  # they are of another form, and made anew when next looked at
    with op.batch_alter_table('steps', schema=None) as batch_op:
        batch_op.add_column(sa.Column('over', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('known', sa.BigInteger(), server_default='0', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('steps', schema=None) as batch_op:
        batch_op.drop_column('known')
        batch_op.drop_column('over')
    op.execute('DELETE FROM steps')
    op.drop_table('releases')

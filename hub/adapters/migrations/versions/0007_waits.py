"""How a store's lines are laid out, what was told of their waits, and what then happened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('notices',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('line_id', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('withdrawn', sa.Text(), nullable=True),
    sa.Column('method', sa.Text(), nullable=False),
    sa.Column('because', sa.Text(), nullable=False),
    sa.Column('mean', sa.Float(), nullable=True),
    sa.Column('low', sa.Float(), nullable=True),
    sa.Column('middle', sa.Float(), nullable=True),
    sa.Column('high', sa.Float(), nullable=True),
    sa.Column('waiting', sa.Float(), nullable=False),
    sa.Column('open', sa.Float(), nullable=False),
    sa.Column('quickest', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('store_id', 'line_id', 'at', name=op.f('pk_notices')),
    sqlite_with_rowid=False
    )
    op.create_table('openings',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('point_id', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('open', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('store_id', 'point_id', 'at', name=op.f('pk_openings')),
    sqlite_with_rowid=False
    )
    op.create_table('tellings',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('received_at', sa.BigInteger(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_tellings'))
    )
    op.create_index(op.f('ix_tellings_store_id'), 'tellings', ['store_id'], unique=False)
    op.create_table('wait_alerts',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('line_id', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('since', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('until', sa.BigInteger(), nullable=True),
    sa.Column('registers', sa.Integer(), nullable=False),
    sa.Column('raising_told_at', sa.BigInteger(), nullable=True),
    sa.Column('clearing_told_at', sa.BigInteger(), nullable=True),
    sa.Column('attempts', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('again_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('store_id', 'line_id', 'kind', 'since', name=op.f('pk_wait_alerts')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_wait_alerts_since'), 'wait_alerts', ['since'], unique=False)
    op.create_index(op.f('ix_wait_alerts_until'), 'wait_alerts', ['until'], unique=False)
    op.create_table('wait_doubts',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('times', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('store_id', 'place', 'what', name=op.f('pk_wait_doubts')),
    sqlite_with_rowid=False
    )
    op.create_table('wait_lessons',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('kept_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('store_id', name=op.f('pk_wait_lessons'))
    )
    op.create_table('wait_outcomes',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('hour', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('line_id', sa.Text(), nullable=False),
    sa.Column('told', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('within_minute', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('too_short', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('over_ms', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('untold', sa.BigInteger(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('store_id', 'hour', 'line_id', name=op.f('pk_wait_outcomes')),
    sqlite_with_rowid=False
    )
    op.create_table('wait_scores',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('hour', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('minutes', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('happy', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('neutral', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('sad', sa.BigInteger(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('store_id', 'hour', 'minutes', name=op.f('pk_wait_scores')),
    sqlite_with_rowid=False
    )
    op.create_table('waits',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('line_id', sa.Text(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('waited', sa.BigInteger(), nullable=False),
    sa.Column('told', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_waits'))
    )
    op.create_index(op.f('ix_waits_store_id_at'), 'waits', ['store_id', 'at'], unique=False)
    op.create_table('displays',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['store_id'], ['stores.store_id'], name=op.f('fk_displays_store_id')),
    sa.PrimaryKeyConstraint('store_id', name=op.f('pk_displays'))
    )
    op.create_table('layouts',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('serial', sa.BigInteger(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['store_id'], ['stores.store_id'], name=op.f('fk_layouts_store_id')),
    sa.PrimaryKeyConstraint('store_id', name=op.f('pk_layouts'))
    )
    op.create_table('sensors',
    sa.Column('sensor_id', sa.Text(), nullable=False),
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('secret', sa.Text(), nullable=False),
    sa.Column('enrolled_at', sa.BigInteger(), nullable=False),
    sa.Column('retired_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['store_id'], ['stores.store_id'], name=op.f('fk_sensors_store_id')),
    sa.PrimaryKeyConstraint('sensor_id', name=op.f('pk_sensors'))
    )


def downgrade() -> None:
    op.drop_table('sensors')
    op.drop_table('layouts')
    op.drop_table('displays')
    op.drop_index(op.f('ix_waits_store_id_at'), table_name='waits')
    op.drop_table('waits')
    op.drop_table('wait_scores')
    op.drop_table('wait_outcomes')
    op.drop_table('wait_lessons')
    op.drop_table('wait_doubts')
    op.drop_index(op.f('ix_wait_alerts_until'), table_name='wait_alerts')
    op.drop_index(op.f('ix_wait_alerts_since'), table_name='wait_alerts')
    op.drop_table('wait_alerts')
    op.drop_index(op.f('ix_tellings_store_id'), table_name='tellings')
    op.drop_table('tellings')
    op.drop_table('openings')
    op.drop_table('notices')

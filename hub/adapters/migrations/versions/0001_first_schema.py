"""First schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('anchors',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('kiosk_id', sa.Text(), nullable=False),
    sa.Column('boot_id', sa.Text(), nullable=False),
    sa.Column('boot', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('true', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('store_id', 'kiosk_id', 'boot_id', 'boot', name=op.f('pk_anchors'))
    )
    op.create_table('audit',
    sa.Column('entry', sa.Integer(), nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('user', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('target', sa.Text(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('entry', name=op.f('pk_audit'))
    )
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_at'), ['at'], unique=False)

    op.create_table('connections',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('kiosk_id', sa.Text(), nullable=False),
    sa.Column('epoch', sa.Text(), nullable=False),
    sa.Column('connection', sa.BigInteger(), nullable=False),
    sa.Column('seen_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('store_id', 'kiosk_id', 'epoch', name=op.f('pk_connections'))
    )
    op.create_table('doubtful',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('kiosk_id', sa.Text(), nullable=False),
    sa.Column('boot_id', sa.Text(), nullable=False),
    sa.Column('ledger', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('store_id', 'kiosk_id', 'boot_id', 'ledger', 'seq', name=op.f('pk_doubtful'))
    )
    op.create_table('hub',
    sa.Column('hub_id', sa.Text(), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('hub_id', name=op.f('pk_hub'))
    )
    op.create_table('leases',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('holder', sa.Text(), nullable=False),
    sa.Column('until', sa.BigInteger(), nullable=False),
    sa.Column('done_at', sa.BigInteger(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_leases'))
    )
    op.create_table('ledgers',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('kiosk_id', sa.Text(), nullable=False),
    sa.Column('epoch', sa.Text(), nullable=False),
    sa.Column('ledger', sa.Integer(), nullable=False),
    sa.Column('held', sa.BigInteger(), nullable=False),
    sa.Column('chain', sa.LargeBinary(), nullable=False),
    sa.Column('lost', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('refused', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('first_at', sa.BigInteger(), nullable=False),
    sa.Column('last_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('store_id', 'kiosk_id', 'epoch', name=op.f('pk_ledgers')),
    sa.UniqueConstraint('ledger', name=op.f('uq_ledgers_ledger'))
    )
    op.create_table('losses',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('ledger', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('first', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('last', sa.BigInteger(), nullable=False),
    sa.Column('found_at', sa.BigInteger(), nullable=False),
    sa.Column('notice', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('store_id', 'ledger', 'first', name=op.f('pk_losses'))
    )
    op.create_table('quarantine',
    sa.Column('fingerprint', sa.Text(), nullable=False),
    sa.Column('store_id', sa.Text(), nullable=True),
    sa.Column('kiosk_id', sa.Text(), nullable=True),
    sa.Column('epoch', sa.Text(), nullable=True),
    sa.Column('seq', sa.BigInteger(), nullable=True),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('payload', sa.LargeBinary(), nullable=False),
    sa.Column('first_at', sa.BigInteger(), nullable=False),
    sa.Column('last_at', sa.BigInteger(), nullable=False),
    sa.Column('times', sa.BigInteger(), nullable=False),
    sa.Column('told', sa.Boolean(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('fingerprint', name=op.f('pk_quarantine'))
    )
    with op.batch_alter_table('quarantine', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quarantine_kiosk_id'), ['kiosk_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_quarantine_last_at'), ['last_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_quarantine_store_id'), ['store_id'], unique=False)

    op.create_table('reason_tallies',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('point_id', sa.Text(), nullable=False),
    sa.Column('hour', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('face', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('answers', sa.BigInteger(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('store_id', 'point_id', 'hour', 'face', 'reason', name=op.f('pk_reason_tallies')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('reason_tallies', schema=None) as batch_op:
        batch_op.create_index('ix_reason_tallies_store_id_hour', ['store_id', 'hour'], unique=False)

    op.create_table('records',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('ledger', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('received_at', sa.BigInteger(), nullable=False),
    sa.Column('hour', sa.BigInteger(), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('store_id', 'ledger', 'seq', name=op.f('pk_records'))
    )
    op.create_table('sign_ins',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('last_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_sign_ins'))
    )
    op.create_table('statuses',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('kiosk_id', sa.Text(), nullable=False),
    sa.Column('epoch', sa.Text(), nullable=False),
    sa.Column('connection', sa.BigInteger(), nullable=False),
    sa.Column('presence', sa.Text(), nullable=False),
    sa.Column('seen_at', sa.BigInteger(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('store_id', 'kiosk_id', name=op.f('pk_statuses'))
    )
    op.create_table('steps',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('day', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('store_id', 'day', name=op.f('pk_steps'))
    )
    op.create_table('store_tallies',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('day', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('hour_of_day', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('sales', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('sad', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('neutral', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('happy', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('skipped', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('timed_out', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('blocked', sa.BigInteger(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('store_id', 'day', 'hour_of_day', name=op.f('pk_store_tallies')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('store_tallies', schema=None) as batch_op:
        batch_op.create_index('ix_store_tallies_day', ['day'], unique=False)

    op.create_table('stores',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('zone', sa.Text(), nullable=False),
    sa.Column('opens', sa.SmallInteger(), server_default='9', nullable=False),
    sa.Column('closes', sa.SmallInteger(), server_default='21', nullable=False),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('store_id', name=op.f('pk_stores'))
    )
    op.create_table('tallies',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('point_id', sa.Text(), nullable=False),
    sa.Column('hour', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('sales', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('sad', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('neutral', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('happy', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('skipped', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('timed_out', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('blocked', sa.BigInteger(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('store_id', 'point_id', 'hour', name=op.f('pk_tallies')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('tallies', schema=None) as batch_op:
        batch_op.create_index('ix_tallies_store_id_hour', ['store_id', 'hour'], unique=False)

    op.create_table('users',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('password', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), server_default='en', nullable=False),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.Column('disabled_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_users')),
    sa.UniqueConstraint('name', name=op.f('uq_users_name'))
    )
    op.create_table('kiosks',
    sa.Column('kiosk_id', sa.Text(), nullable=False),
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('enrolled_at', sa.BigInteger(), nullable=False),
    sa.Column('retired_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['store_id'], ['stores.store_id'], name=op.f('fk_kiosks_store_id')),
    sa.PrimaryKeyConstraint('kiosk_id', name=op.f('pk_kiosks'))
    )
    with op.batch_alter_table('kiosks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_kiosks_store_id'), ['store_id'], unique=False)

    op.create_table('points',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('point_id', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), server_default='register', nullable=False),
    sa.Column('position', sa.Integer(), server_default='0', nullable=False),
    sa.ForeignKeyConstraint(['store_id'], ['stores.store_id'], name=op.f('fk_points_store_id')),
    sa.PrimaryKeyConstraint('store_id', 'point_id', name=op.f('pk_points'))
    )
    op.create_table('programmes',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('serial', sa.BigInteger(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['store_id'], ['stores.store_id'], name=op.f('fk_programmes_store_id')),
    sa.PrimaryKeyConstraint('store_id', 'serial', name=op.f('pk_programmes'))
    )
    op.create_table('seals',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('before', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['store_id'], ['stores.store_id'], name=op.f('fk_seals_store_id')),
    sa.PrimaryKeyConstraint('store_id', name=op.f('pk_seals'))
    )
    op.create_table('sessions',
    sa.Column('token', sa.Text(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('csrf', sa.Text(), nullable=False),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.Column('seen_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.user_id'], name=op.f('fk_sessions_user_id')),
    sa.PrimaryKeyConstraint('token', name=op.f('pk_sessions'))
    )
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sessions_user_id'), ['user_id'], unique=False)

    op.create_table('user_stores',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['store_id'], ['stores.store_id'], name=op.f('fk_user_stores_store_id')),
    sa.ForeignKeyConstraint(['user_id'], ['users.user_id'], name=op.f('fk_user_stores_user_id')),
    sa.PrimaryKeyConstraint('user_id', 'store_id', name=op.f('pk_user_stores'))
    )
    op.create_table('assignments',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('kiosk_id', sa.Text(), nullable=False),
    sa.Column('since', sa.BigInteger(), nullable=False),
    sa.Column('point_id', sa.Text(), nullable=False),
    sa.Column('until', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['kiosk_id'], ['kiosks.kiosk_id'], name=op.f('fk_assignments_kiosk_id')),
    sa.PrimaryKeyConstraint('store_id', 'kiosk_id', 'since', name=op.f('pk_assignments'))
    )


def downgrade() -> None:
    op.drop_table('assignments')
    op.drop_table('user_stores')
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sessions_user_id'))

    op.drop_table('sessions')
    op.drop_table('seals')
    op.drop_table('programmes')
    op.drop_table('points')
    with op.batch_alter_table('kiosks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_kiosks_store_id'))

    op.drop_table('kiosks')
    op.drop_table('users')
    with op.batch_alter_table('tallies', schema=None) as batch_op:
        batch_op.drop_index('ix_tallies_store_id_hour')

    op.drop_table('tallies')
    op.drop_table('stores')
    with op.batch_alter_table('store_tallies', schema=None) as batch_op:
        batch_op.drop_index('ix_store_tallies_day')

    op.drop_table('store_tallies')
    op.drop_table('steps')
    op.drop_table('statuses')
    op.drop_table('sign_ins')
    op.drop_table('records')
    with op.batch_alter_table('reason_tallies', schema=None) as batch_op:
        batch_op.drop_index('ix_reason_tallies_store_id_hour')

    op.drop_table('reason_tallies')
    with op.batch_alter_table('quarantine', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_quarantine_store_id'))
        batch_op.drop_index(batch_op.f('ix_quarantine_last_at'))
        batch_op.drop_index(batch_op.f('ix_quarantine_kiosk_id'))

    op.drop_table('quarantine')
    op.drop_table('losses')
    op.drop_table('ledgers')
    op.drop_table('leases')
    op.drop_table('hub')
    op.drop_table('doubtful')
    op.drop_table('connections')
    with op.batch_alter_table('audit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_at'))

    op.drop_table('audit')
    op.drop_table('anchors')

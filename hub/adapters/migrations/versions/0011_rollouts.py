"""Rollouts of the kiosks' program, in rings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('rollouts',
    sa.Column('rollout', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('version', sa.Text(), nullable=False),
    sa.Column('user', sa.Text(), nullable=False),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.Column('rest_ms', sa.BigInteger(), nullable=False),
    sa.Column('usual', sa.Float(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('ring', sa.Integer(), nullable=False),
    sa.Column('ring_at', sa.BigInteger(), nullable=False),
    sa.Column('known', sa.Integer(), server_default='0', nullable=False),
    sa.Column('known_failed', sa.Integer(), server_default='0', nullable=False),
    sa.Column('known_silent', sa.Integer(), server_default='0', nullable=False),
    sa.Column('why', sa.Text(), server_default='', nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('rollout', name=op.f('pk_rollouts'))
    )
    op.create_table('rollout_kiosks',
    sa.Column('rollout', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('kiosk_id', sa.Text(), nullable=False),
    sa.Column('ring', sa.Integer(), nullable=False),
    sa.Column('command', sa.Text(), nullable=True),
    sa.Column('ordered_at', sa.BigInteger(), nullable=True),
    sa.Column('back', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.ForeignKeyConstraint(['rollout'], ['rollouts.rollout'], name=op.f('fk_rollout_kiosks_rollout_rollouts')),
    sa.PrimaryKeyConstraint('rollout', 'store_id', 'kiosk_id', name=op.f('pk_rollout_kiosks'))
    )


def downgrade() -> None:
    op.drop_table('rollout_kiosks')
    op.drop_table('rollouts')

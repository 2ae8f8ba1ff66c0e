"""Who may be which kiosk: join codes, certificates, and the serial of what the hub signed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('join_codes',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('point_id', sa.Text(), nullable=False),
    sa.Column('kiosk_id', sa.Text(), nullable=False),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.Column('made_by', sa.Text(), nullable=False),
    sa.Column('until', sa.BigInteger(), nullable=False),
    sa.Column('used_at', sa.BigInteger(), nullable=True),
    sa.Column('used_by', sa.Text(), nullable=True),
    sa.Column('withdrawn_at', sa.BigInteger(), nullable=True),
    sa.Column('again', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('again_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_join_codes'))
    )
    op.create_index(op.f('ix_join_codes_store_id_kiosk_id'), 'join_codes', ['store_id', 'kiosk_id'])
    op.create_table('certificates',
    sa.Column('serial', sa.Text(), nullable=False),
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('kiosk_id', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('not_before', sa.BigInteger(), nullable=False),
    sa.Column('not_after', sa.BigInteger(), nullable=False),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.Column('revoked_at', sa.BigInteger(), nullable=True),
    sa.Column('why', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('serial', name=op.f('pk_certificates'))
    )
    op.create_index(op.f('ix_certificates_store_id_kiosk_id'), 'certificates', ['store_id', 'kiosk_id'])
    op.create_table('held_kiosks',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('kiosk_id', sa.Text(), nullable=False),
    sa.Column('since', sa.BigInteger(), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('store_id', 'kiosk_id', name=op.f('pk_held_kiosks'))
    )
    op.create_table('serials',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('upto', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_serials'))
    )


def downgrade() -> None:
    op.drop_table('serials')
    op.drop_table('held_kiosks')
    op.drop_table('certificates')
    op.drop_table('join_codes')

"""Responses stand beside their records; what is told of them; links that were opened on phones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('responses',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('ledger', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('questionnaire', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('day', sa.Integer(), nullable=False),
    sa.Column('point_id', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('input', sa.Text(), nullable=False),
    sa.Column('complete', sa.Boolean(), nullable=False),
    sa.Column('week', sa.Integer(), nullable=True),
    sa.Column('fit', sa.Boolean(), nullable=True),
    sa.PrimaryKeyConstraint('store_id', 'ledger', 'seq', name=op.f('pk_responses'))
    )
    op.create_index('ix_responses_week', 'responses', ['week'])
    op.create_index(
    'ix_responses_store_id_questionnaire_version', 'responses', ['store_id', 'questionnaire', 'version']
    )
    op.create_table('told_answers',
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('questionnaire', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('part', sa.Text(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('week', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('n', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('counts', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('store_id', 'questionnaire', 'version', 'question', 'part', 'value', 'week', name=op.f('pk_told_answers'))
    )
    op.create_table('walks',
    sa.Column('kiosk_id', sa.Text(), nullable=False),
    sa.Column('minute', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('nonce', sa.Text(), nullable=False),
    sa.Column('store_id', sa.Text(), nullable=False),
    sa.Column('point_id', sa.Text(), nullable=False),
    sa.Column('questionnaire', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('secret', sa.Text(), nullable=False),
    sa.Column('begun', sa.BigInteger(), nullable=False),
    sa.Column('seen', sa.BigInteger(), nullable=False),
    sa.Column('answers', sa.Text(), nullable=False),
    sa.Column('done_at', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('kiosk_id', 'minute', 'nonce', name=op.f('pk_walks'))
    )
    op.create_index('ix_walks_done_at_seen', 'walks', ['done_at', 'seen'])
    op.create_table('phone_secrets',
    sa.Column('place', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('secret', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('place', name=op.f('pk_phone_secrets'))
    )


def downgrade() -> None:
    op.drop_table('phone_secrets')
    op.drop_index('ix_walks_done_at_seen', table_name='walks')
    op.drop_table('walks')
    op.drop_table('told_answers')
    op.drop_index('ix_responses_store_id_questionnaire_version', table_name='responses')
    op.drop_index('ix_responses_week', table_name='responses')
    op.drop_table('responses')

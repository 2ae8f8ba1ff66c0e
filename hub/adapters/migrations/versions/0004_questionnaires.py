"""Questionnaires with their versions, and which of them each programme holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('questionnaires',
    sa.Column('questionnaire_id', sa.Text(), nullable=False),
    sa.Column('store_id', sa.Text(), nullable=True),
    sa.Column('made_at', sa.BigInteger(), nullable=False),
    sa.Column('made_by', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['store_id'], ['stores.store_id'], name=op.f('fk_questionnaires_store_id')),
    sa.PrimaryKeyConstraint('questionnaire_id', name=op.f('pk_questionnaires'))
    )
    op.create_table('questionnaire_versions',
    sa.Column('questionnaire_id', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.BigInteger(), nullable=False),
    sa.Column('changed_by', sa.Text(), nullable=False),
    sa.Column('sent_at', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['questionnaire_id'], ['questionnaires.questionnaire_id'], name=op.f('fk_questionnaire_versions_questionnaire_id')),
    sa.PrimaryKeyConstraint('questionnaire_id', 'version', name=op.f('pk_questionnaire_versions'))
    )
    op.add_column('programmes', sa.Column('questionnaire', sa.Text(), nullable=True))
    op.add_column('programmes', sa.Column('questionnaire_version', sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column('programmes', 'questionnaire_version')
    op.drop_column('programmes', 'questionnaire')
    op.drop_table('questionnaire_versions')
    op.drop_table('questionnaires')

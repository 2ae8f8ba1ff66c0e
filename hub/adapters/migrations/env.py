"""How Alembic runs a step: on the connection that `migrate` gives it, in its transaction."""

from __future__ import annotations

from alembic import context

from hub.adapters.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
)
context.run_migrations()

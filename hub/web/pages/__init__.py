"""The pages about people: signing in, settings, users and the audit log."""

"""A server from bare Debian: hub, broker, database, web server, certificates and backups.

It runs before anything is installed: the standard library and `shared.errors`, and nothing else.
"""

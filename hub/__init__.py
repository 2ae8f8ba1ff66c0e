"""The centre: it counts, shows and tells."""

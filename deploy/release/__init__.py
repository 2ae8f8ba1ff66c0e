"""What `make release` does: refuse, or build the same bytes each time and say what is in them."""

"""What a browser or another program sees of the hub."""

"""One outside thing each: the only places where the hub touches the world."""

"""One outside thing each: the only places where the kiosk touches the world."""

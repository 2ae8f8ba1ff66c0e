"""What the kiosk decides; it does no input or output and never asks the time."""

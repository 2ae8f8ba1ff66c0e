"""What the hub decides; it does no input or output and never asks the time."""

"""The device beside the till."""

"""Machines that run: reached over SSH, made kiosks, looked at, and taken away."""

"""The words that kiosk and hub both say, and nothing else."""

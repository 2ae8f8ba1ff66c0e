"""What runs on the device, as root, from `install.pyz`: standard library only."""

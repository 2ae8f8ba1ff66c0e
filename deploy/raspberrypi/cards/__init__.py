"""Cards made on a workstation, as files or on a device, without root rights."""

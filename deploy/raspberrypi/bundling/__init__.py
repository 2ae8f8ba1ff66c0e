"""One version of the kiosk's program as one file, built on a workstation, installed offline."""

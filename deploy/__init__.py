"""What puts Semblante onto machines: servers and kiosks; standard library and `shared` only."""

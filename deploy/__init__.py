"""What puts Semblante onto machines: servers and kiosks by the standard library and `shared` alone;
bundles and releases are built by tools of the locked list."""

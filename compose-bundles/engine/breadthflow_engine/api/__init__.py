"""The engine over HTTP, on loopback, for whoever has the token."""

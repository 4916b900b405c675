"""What our containers run around the services themselves; the standard library is enough."""

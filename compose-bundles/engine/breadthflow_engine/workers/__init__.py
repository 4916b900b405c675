"""Warm worker processes, one an environment, and the jobs that they do."""

"""What screens ask of bars and findings: small answers out of tables that only the engine reads."""

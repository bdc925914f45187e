"""Writing a PSPO action down on a phone, in half a minute, with or without a network."""

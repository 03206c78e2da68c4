"""Real servers, started for one test from a folder of its own."""

"""Style as a test: what tools/tidy checks."""

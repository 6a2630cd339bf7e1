"""Tests of the client against the golden vectors, and of a server against the client."""

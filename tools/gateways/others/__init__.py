"""Envoy and Caddy, asking by way of nginx on a Unix socket, and the pages behind Caddy:
configurations and their tests."""

"""Envoy and Caddy, asking by way of nginx on a Unix socket: configurations and their tests."""

"""Signet's pages and endpoints behind real web servers: what tools/demo and tools/gateways/web/test
start and ask. Everything listens on loopback and Unix sockets and is ended by its process id."""

"""What tools/gateways/test starts and asks. Everything listens on loopback and Unix sockets, in one
temporary directory, and is ended by its process id."""

"""What tools/gateways/speed measures with."""

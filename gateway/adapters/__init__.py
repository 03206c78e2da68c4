"""One outside thing per file, behind the protocols of `gateway.ports`."""

"""What a throw-away instance needs and real ones never use: a PKI made on the spot and documents signed with it."""

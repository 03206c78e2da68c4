"""How the register behaves as it grows: a large one made quickly, and measured."""

"""Files of attackers by family, and ordinary files that look a little like them; each is made here, none is kept."""

"""The nouns of the records office: frozen records and enumerations, standard library only."""

"""Persistence: the database and the blob store, the only place that knows how state is kept."""

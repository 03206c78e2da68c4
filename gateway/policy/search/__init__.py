"""What people write to find a document, understood: words, phrases in quotes, and numbers in every usual form."""

from gateway.policy.search.question import terms_of

__all__ = ["terms_of"]

"""Pages, files and health over HTTP. To ask for a page changes nothing; one form acknowledges a receipt (promise 7)."""

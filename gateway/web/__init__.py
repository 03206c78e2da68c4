"""The tracking page, health and metrics over HTTP. Everything here reads; nothing changes anything (promise 7)."""

"""Notices as mail: templates filled with cleaned records and written for the wire."""

from gateway.adapters.render.renderer import JinjaRenderer

__all__ = ["JinjaRenderer"]

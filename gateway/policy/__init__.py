"""The regulation as pure functions over facts: no await, no clock, no input or output."""

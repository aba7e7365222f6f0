"""A convention as its lead sets it up: what it starts with (`usual`), its lists (`lists`), its acts (`acts`), the first
exercise and the outline of a report (`outline`)."""

"""ProConnect, by which the professionals of public bodies and their partners sign in. Off until it is configured."""

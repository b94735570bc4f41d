"""Messages to people: the outbox, SMS templates and senders, the in-app inbox."""

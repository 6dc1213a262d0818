"""Label Studio: the server, the client, label configs, push and pull."""

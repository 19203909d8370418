"""LDAP directories: their addresses and names, what their schema allows, and the conversation with a server."""

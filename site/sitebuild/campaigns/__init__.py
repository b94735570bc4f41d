"""A campaign on its page: who pays what, drawn and in words, and the form that counts it for others."""

"""The ground floor: settings, clock, ids, logs, AWS clients, tables, transactions, ciphers, HTTP."""

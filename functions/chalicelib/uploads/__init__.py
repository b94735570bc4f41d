"""One room for every file that comes in: slot, exact form, receipt, link, reconciliation."""

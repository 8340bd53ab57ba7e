"""What can be done with comparisons and the leases on them."""

"""What can be done with exports: request one, write it, clean up after workers."""

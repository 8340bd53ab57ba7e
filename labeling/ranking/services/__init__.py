"""What can be done with judgments, and with what people are shown to judge."""

"""What can be done with items set aside, the plan, attempts and objections."""

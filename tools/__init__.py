"""What makes, checks and measures the files that are generated and committed."""

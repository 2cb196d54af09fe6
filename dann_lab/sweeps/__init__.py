"""Many runs that differ in a few values: planned, trained on a Dask cluster, put into a table."""

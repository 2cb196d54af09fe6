"""Maps of features, still and moving: positions in the plane for points in many dimensions."""

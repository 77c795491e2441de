"""Keys on paper, for the safe."""

raise ImportError("A simulator that is not there.")

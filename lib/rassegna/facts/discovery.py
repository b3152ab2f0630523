def discovered(*a): return []

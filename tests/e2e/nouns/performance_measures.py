WHO = {"performance:dashboard": "officer"}
NO_PAGE: set[str] = set()

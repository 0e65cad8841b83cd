WHO = {
    "performance:dashboard": "officer",
    "performance:measures": "officer",
    "performance:records": "officer",
}
NO_PAGE = {"performance:download"}
ARGUMENTS = {"performance:records": (lambda: "reports-received",)}

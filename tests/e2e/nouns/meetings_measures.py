WHO = {"meetings:measures": "officer", "meetings:measure_records": "officer"}
NO_PAGE = {"meetings:measures_export"}
ARGUMENTS = {"meetings:measure_records": (lambda: "meetings-held",)}

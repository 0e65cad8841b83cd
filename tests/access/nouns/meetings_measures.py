TABLE = """
== Meetings: what is counted of them
meetings:measures                    GET  ok  ok  no  no  no  no  no  no  no  no  ok  in
meetings:measures_export             GET  ok  ok  no  no  no  no  no  no  no  no  ok  in
meetings:measure_records             GET  ok  ok  no  no  no  no  no  no  no  no  ok  in
"""
ARGUMENTS = {"meetings:measure_records": lambda world: ["cases-discussed"]}
LISTS = """
officer meetings:measure_records
"""
PAGES = """
officer meetings:measures
"""
READING = {"meeting_measure.exported"}

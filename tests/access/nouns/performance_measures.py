TABLE = """
== Performance: what is counted. The board reads figures and never what they count
performance:dashboard                GET  ok  ok  ok  ok  ok  ok  no  ok  ok  no  ok  in
performance:download                 GET  ok  ok  ok  ok  ok  ok  no  ok  ok  no  ok  in
performance:measures                 GET  ok  ok  ok  ok  ok  ok  no  ok  ok  no  ok  in
performance:records                  GET  ok  ok  ok  ok  ok  ok  no  no  ok  no  ok  in
"""
ARGUMENTS = {"performance:records": lambda world: ["cases-opened"]}
LISTS = """
officer performance:records
"""
PAGES = """
officer performance:dashboard
officer performance:measures
"""
READING = {"performance_figures.exported"}

TABLE = """
== Performance: what is counted
performance:dashboard                GET  ok  ok  ok  ok  ok  ok  no  ok  ok  no  ok  in
"""
PAGES = """
officer performance:dashboard
"""

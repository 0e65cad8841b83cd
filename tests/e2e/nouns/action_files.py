WHO = {"actions:evidence": "officer"}
NO_PAGE = {"actions:file"}

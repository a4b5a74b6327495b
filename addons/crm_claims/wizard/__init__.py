from . import service_case_reject

from . import (
    service_backlog_report,
    service_case_report,
    service_rating_report,
    service_sla_report,
)

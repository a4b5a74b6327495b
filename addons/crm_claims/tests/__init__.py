from . import (
    test_case_access,
    test_case_company,
    test_case_dates,
    test_case_numbering,
    test_case_queries,
    test_case_reference,
    test_case_stages,
    test_case_team,
    test_partner_counters,
    test_service_category,
    test_service_team,
    test_service_views,
)

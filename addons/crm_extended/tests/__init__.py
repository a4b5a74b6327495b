from . import test_capture
from . import test_crm_call
from . import test_crm_call_access
from . import test_crm_call_lead
from . import test_crm_call_reminder
from . import test_crm_lead_convert
from . import test_customer_card
from . import test_pipeline_data

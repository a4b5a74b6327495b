from . import crm_call_reminder
from . import crm_call_outcome
from . import crm_call_attempt
from . import crm_call
from . import calendar_event
from . import crm_lead
from . import mail_activity
from . import res_partner

from . import crm_call_reschedule

from . import crm_call_reschedule
from . import crm_capture_card
from . import crm_capture_card_line
from . import crm_lead_to_opportunity
from . import crm_lead_to_opportunity_mass
from . import crm_merge_opportunity
from . import crm_merge_opportunity_line
from . import base_partner_merge

from . import crm_campaign_report
from . import crm_target_report
from . import crm_attribution_report

from odoo import SUPERUSER_ID, api
from odoo.tools import convert_file

TEMPLATES = (
    'mail_template_service_claim_acknowledgement',
    'mail_template_service_claim_rating',
    'mail_template_service_ticket_acknowledgement',
    'mail_template_service_ticket_rating',
    'mail_template_ticket_waiting',
)
SENDER = {
    'email_from': '{{ object._get_email_sender() }}',
    'reply_to': '{{ object._get_email_reply_to() }}',
    'lang': '{{ object._get_customer_lang() }}',
}


def migrate(cr, version):
    """Bring up to date what an update leaves alone: the rules of the portal, and whom mails are
    from. The texts stay as they were edited."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    convert_file(env, 'crm_claims', 'security/service_portal_security.xml', {}, mode='init')
    for name in TEMPLATES:
        template = env.ref(f'crm_claims.{name}', raise_if_not_found=False)
        if template and not template.email_from:
            template.write(SENDER)

from odoo import SUPERUSER_ID, api
from odoo.tools import convert_file


def migrate(cr, version):
    """Let the rules of the portal know private cases and what is shared: an update leaves them."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    convert_file(env, 'crm_claims', 'security/service_portal_security.xml', {}, mode='init')

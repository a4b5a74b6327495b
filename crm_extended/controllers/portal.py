from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.utils import get_portal_partner


class CrmVisitPortal(CustomerPortal):
    """Every page and paper of a document passes here, whichever addon shows it."""

    def _get_page_view_values(self, document, *args, **kwargs):
        self._crm_note_visit(document)
        return super()._get_page_view_values(document, *args, **kwargs)

    def _show_report(self, model, report_type, report_ref, download=False):
        self._crm_note_visit(model)
        return super()._show_report(model, report_type, report_ref, download)

    def _crm_note_visit(self, document):
        """Note who reads the document: a person, no program that looks what is behind a link."""
        heads = request.httprequest.headers
        is_preview = heads.get('Odoo-Link-Preview') == 'True'
        is_person = not is_preview and not request.env['ir.http'].is_a_bot()
        if is_person and request.httprequest.method == 'GET':
            request.env['crm.visit']._note(document, self._crm_get_visitor(document))

    def _crm_get_visitor(self, document):
        """Return who is logged in, else whom the link names: its person, or the customer."""
        user = request.env.user
        if not user._is_public():
            return user.partner_id
        # what Odoo compares is ASCII, and what it counts with a number
        said = {name: text for name, text in request.params.items() if str(text).isascii()}
        pid = said.get('pid') if str(said.get('pid')).isdigit() else None
        partner = get_portal_partner(document, said.get('hash'), pid, said.get('access_token'))
        # a link outlives its person, who may be merged or deleted
        return partner.exists()

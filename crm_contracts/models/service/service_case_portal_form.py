from odoo import api, models
from odoo.fields import Command, Domain

from odoo.addons.crm_claims.models.customer.service_case_portal_form import MAX_SUBJECTS

from ...core.states import PORTAL_STATES, RUNNING_STATES


class ServiceCaseMixin(models.AbstractModel):
    """The orders, invoices, contracts and products of a customer that a new case may be about."""

    _inherit = 'service.case.mixin'

    @api.model
    def _get_portal_subjects(self):
        orders = self._search_own('sale.order', Domain('state', '=', 'sale'))
        moves = self._search_own(
            'account.move',
            Domain('state', '=', 'posted')
            & Domain('move_type', 'in', ('out_invoice', 'out_refund')),
        )
        contracts = self._search_own('crm.contract', Domain('state', 'in', PORTAL_STATES))
        subjects = [
            *super()._get_portal_subjects(),
            (self.env._('Contracts'), contracts),
            (self.env._('Orders'), orders),
            (self.env._('Invoices'), moves),
        ]
        if 'line_ids' not in self._fields:
            return subjects
        products = orders.order_line.product_id | moves.invoice_line_ids.product_id
        return [*subjects, (self.env._('Products'), products[:MAX_SUBJECTS])]

    @api.model
    def _search_own(self, model_name, domain):
        """Return the newest documents of the customer who is in the portal."""
        customers = self.env.user.partner_id._get_crm_customers()
        is_stored = 'commercial_partner_id' in self.env[model_name]._fields
        path = 'commercial_partner_id' if is_stored else 'partner_id.commercial_partner_id'
        own = Domain(path, 'in', customers.ids) & Domain('company_id', '=', self.env.company.id)
        # sudo: what is the customer's own may be named, whatever the rules of its application say
        documents_sudo = self.env[model_name].sudo()
        return documents_sudo.search(own & domain, order='id desc', limit=MAX_SUBJECTS)

    @api.model
    def _prepare_subject_values(self, document):
        """A contract that runs is the case's own, a product the first item of a claim."""
        if document is not None and document._name == 'product.product':
            return {'line_ids': [Command.create({'product_id': document.id})]}
        values = super()._prepare_subject_values(document)
        is_contract = document is not None and document._name == 'crm.contract'
        if is_contract and document.state in RUNNING_STATES:
            values['contract_id'] = document.id
        return values

from collections.abc import Collection, Mapping
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain


class CustomerFigures(NamedTuple):
    """What reports on customers add up of the documents of a model."""

    domain: Domain
    """Which documents count."""
    date: str
    """Name of the field of their day."""
    counts: Collection[str] = ()
    """Figures in which each document is one."""
    amounts: Mapping[str, str] = {}
    """Names of fields by figure, without taxes."""
    rate: str | None = None
    """Name of the field that amounts are divided by to be in the currency of the company."""


class CrmCustomerDocumentMixin(models.AbstractModel):
    """Documents of customers: what upper addons know about customers sorts and counts them.

    A document is its contact's, and the company's that the contact is with.
    """

    _name = 'crm.customer.document.mixin'
    _description = 'Document of a Customer'

    partner_id = fields.Many2one('res.partner')

    @api.model
    def _get_crm_company_field(self):
        """Return the stored field of the company, None where it is the contact's of today."""
        return

    @api.model
    def _get_crm_company_path(self):
        return self._get_crm_company_field() or 'partner_id.commercial_partner_id'

    @api.model
    def _get_crm_customer_figures(self):
        """Return the `CustomerFigures` of the documents, None if reports add up none of them."""
        return

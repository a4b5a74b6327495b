from odoo import api, models
from odoo.fields import Domain


class CrmAudienceMixin(models.AbstractModel):
    """What holds for some customers only: promises, prices, campaigns.

    Upper addons know ways to say for whom. Where nothing says so it holds for everybody.
    """

    _name = 'crm.audience.mixin'
    _description = 'For Some Customers'
    _inherit = ['crm.linked.mixin']

    @api.model
    def _get_crm_audience_fields(self):
        """Return the names of the fields that say for whom it holds; extended by who adds one."""
        return ()

    @api.model
    def _get_crm_audience_anchor(self):
        """Return the field of the form after which stands for whom it holds."""
        return

    def _has_crm_audience(self):
        """Say whether any of them holds for some customers only."""
        records = self.sudo().with_context(active_test=False)
        return any(record[name] for record in records for name in self._get_crm_audience_fields())

    def _get_crm_audience_domain(self, paths):
        """Return the domain of the records whose customers it holds for; extended by ``&``.

        It is for `sudo()`: for whom something holds does not depend on who asks.

        :param paths: fields that lead to the contact and to its company, '' for contacts themselves
        """
        self.ensure_one()
        return Domain.TRUE

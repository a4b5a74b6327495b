from odoo import api, models
from odoo.exceptions import UserError


class CrmSegment(models.Model):
    """A segment stays active while something holds for its customers: prices, promises, campaigns.

    As a draft or archived it has no customers, and what holds for them would hold for nobody.
    """

    _inherit = 'crm.segment'

    @api.constrains('active')
    def _check_archived_is_no_audience(self):
        self.filtered(lambda segment: not segment.active)._check_no_audience()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_audience(self):
        self._check_no_audience()

    def _check_no_audience(self):
        names, used = [], self.browse()
        for records in self._find_audience_uses():
            label = self.env['ir.model']._get(records._name).name
            names += [f'{label} "{record.display_name}"' for record in records]
            used |= self & records.crm_segment_ids
        if names:
            raise UserError(
                self.env._(
                    '%(uses)s hold for the customers of the segment %(used)s, which would have '
                    'none. Take it out there first; what is archived counts as well.',
                    uses=sorted(names),
                    used=used.mapped('name'),
                )
            )

    def _find_audience_uses(self):
        """Return what holds for customers of these segments, records of each model."""
        heirs = self.env.registry.descendants(['crm.audience.mixin'], '_inherit')
        # sudo: what somebody else decided for the customers counts, and so does what is archived
        models_sudo = [self.env[name].sudo().with_context(active_test=False) for name in heirs]
        return [
            model_sudo.search([('crm_segment_ids', 'in', self.ids)])
            for model_sudo in models_sudo
            if not model_sudo._abstract
        ]

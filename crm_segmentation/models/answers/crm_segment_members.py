import json
from urllib.parse import urlencode

from odoo import models
from odoo.fields import Domain

EXPORTED_FIELDS = (
    'name',
    'commercial_company_name',
    'email',
    'phone',
    'street',
    'zip',
    'city',
    'country_id/name',
    'user_id/name',
)


class CrmSegment(models.Model):
    """Lists the members of segments: opens, exports and compares them."""

    _inherit = 'crm.segment'

    def action_view_members(self):
        """Open the contacts that are members now."""
        self.ensure_one()
        return self._get_members_action(self.name, self._get_membership_domain())

    def action_view_mailing_skipped(self):
        """Open the members that have no e-mail address and are not on the mailing list."""
        self.ensure_one()
        return self._get_members_action(
            self.name, self._get_membership_domain() & Domain('email_normalized', '=', False)
        )

    def action_export_members(self):
        """Download the contacts that are members now as a spreadsheet."""
        self.ensure_one()
        self.check_access('read')
        partners = self.env['res.partner']
        labels = partners.fields_get([path.split('/')[0] for path in EXPORTED_FIELDS], ['string'])
        data = {
            'model': partners._name,
            'fields': [
                {'name': path, 'label': labels[path.split('/')[0]]['string']}
                for path in EXPORTED_FIELDS
            ],
            'ids': False,
            'domain': list(self._get_membership_domain()),
            'import_compat': False,
            'context': {'active_test': False, 'lang': self.env.lang},
        }
        return {
            'type': 'ir.actions.act_url',
            'url': f'/web/export/xlsx?{urlencode({"data": json.dumps(data)})}',
            'target': 'download',
        }

    def action_compare(self):
        """Compare the members of these segments, the first two of them."""
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_segmentation.crm_segment_overlap_action'
        )
        action['context'] = {
            'default_first_id': self[:1].id,
            'default_second_id': self[1:2].id,
        }
        return action

    def _get_membership_domain(self):
        """Return the domain of the contacts that are members of one of these segments now."""
        is_open = Domain('segment_id', 'in', self.ids) & Domain('date_out', '=', False)
        return Domain('crm_segment_membership_ids', 'any', list(is_open))

    def _get_members_action(self, name, domain):
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_segmentation.res_partner_action_members'
        )
        action['display_name'] = name
        action['domain'] = list(domain)
        action['context'] = {'active_test': False}
        return action

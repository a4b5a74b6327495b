from odoo import fields, models
from odoo.tools import SQL, format_date


class CrmSegment(models.Model):
    """Keeps who belongs today, whatever happens to the segment later."""

    _inherit = 'crm.segment'

    def action_snapshot(self):
        """Make a segment by hand of the members of today, and open it.

        :raise AccessError: for who may not make segments
        """
        self.ensure_one()
        self.check_access('read')
        snapshot = self.create(self._prepare_snapshot())
        snapshot._include_members_of(self)
        snapshot.action_apply()
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_segmentation.crm_segment_action'
        )
        return {
            **action,
            'res_id': snapshot.id,
            'view_mode': 'form',
            'views': [(False, 'form')],
        }

    def _prepare_snapshot(self):
        return {
            'name': self.env._(
                '%(segment)s on %(date)s',
                segment=self.name,
                date=format_date(self.env, fields.Date.context_today(self)),
            ),
            'mode': 'manual',
            'company_id': self.company_id.id,
            'color': self.color,
            'refresh_interval_unit': False,
        }

    def _include_members_of(self, segment):
        """Put the members of another segment on the list of those who are always included."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
            INSERT INTO crm_segment_include_rel (segment_id, partner_id)
            SELECT %s, partner_id
              FROM crm_segment_membership
             WHERE segment_id = %s AND date_out IS NULL
       ON CONFLICT DO NOTHING
                """,
                self.id,
                segment.id,
            )
        )
        self.invalidate_recordset(['include_partner_ids'])

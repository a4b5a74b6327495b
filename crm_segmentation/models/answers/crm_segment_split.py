from odoo import models
from odoo.fields import Command
from odoo.tools import SQL


class CrmSegment(models.Model):
    """Makes segments of some of the members: by chance, in equal parts, or the best.

    They follow the segment, as drafts whose criteria are its members, or they keep the members of
    today by hand.
    """

    _inherit = 'crm.segment'

    def action_split(self):
        """Open the dialogue that splits the members or takes some of them.

        :raise AccessError: for who may not make segments
        """
        self.ensure_one()
        self.check_access('read')
        self.browse().check_access('create')
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_segmentation.crm_segment_split_action'
        )
        action['context'] = {'default_segment_id': self.id}
        return action

    def _split(self, cuts, is_kept):
        """Make one segment for each cut of the members.

        :param cuts: list of values of the segments
        :param is_kept: keep the members of today instead of following the segment
        """
        self.ensure_one()
        self.check_access('read')
        segments = self.create(
            [
                {
                    'company_id': self.company_id.id,
                    'color': self.color,
                    'parent_ids': [Command.set(self.ids)],
                    **values,
                }
                for values in cuts
            ]
        )
        segments._check_measured_models()
        if is_kept:
            for segment in segments:
                segment._keep_cut_of(self)
            segments.action_apply()
        return segments

    def _keep_cut_of(self, source):
        """Include by hand what the cut takes of the members of another segment."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
            INSERT INTO crm_segment_include_rel (segment_id, partner_id)
            SELECT %s, taken.id FROM %s AS taken (id)
                """,
                self.id,
                self._get_cut_sql(source._get_members_sql(), is_exact=True),
            )
        )
        self.invalidate_recordset(['include_partner_ids'])
        self.write(
            {
                'mode': 'manual',
                'cut': False,
                'parent_ids': [Command.clear()],
                'refresh_interval_unit': False,
            }
        )

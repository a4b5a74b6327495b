from odoo import api, fields, models
from odoo.models import LOG_ACCESS_COLUMNS
from odoo.tools import SQL

from odoo.addons.crm_extended.core.rows import get_changes, get_moved

FOLLOWERS = 'mail_followers.res_id'


class ServiceCaseMerging(models.Model):
    """One merge of claims or tickets, with what it takes to undo it.

    The merged ones are archived and not deleted: what they were and what left them is all that
    is kept.
    """

    _name = 'service.case.merging'
    _description = 'Merge of Claims or Tickets'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin', 'crm.merge.mixin']

    case_model = fields.Selection(
        [('service.claim', 'Claim'), ('service.ticket', 'Ticket')],
        required=True,
        readonly=True,
    )
    survivor_ref = fields.Integer(
        string='Survivor ID',
        required=True,
        readonly=True,
        aggregator=None,
        help='What the others were merged into.',
    )
    sources = fields.Json(
        readonly=True,
        groups='base.group_system',
        help='By the id of each merged one: what changed on it, and what left it.',
    )
    follower_ids = fields.Json(
        readonly=True,
        groups='base.group_system',
        help='Who follows the survivor because of the merge.',
    )

    _survivor_idx = models.Index('(case_model, survivor_ref, id DESC)')

    # === FIND === #

    @api.model
    def _find_of(self, model_name, case_ids):
        """Return the merges by which one of the cases survived, or went into another."""
        query = SQL(
            """SELECT id FROM service_case_merging
                WHERE case_model = %s
                  AND (survivor_ref = ANY(%s) OR jsonb_exists_any(sources, %s))""",
            model_name,
            case_ids,
            list(map(str, case_ids)),
        )
        return self.browse(merging_id for (merging_id,) in self.env.execute_query(query))

    # === RECORD === #

    @api.model
    def _record(self, survivor, merged, before):
        """Remember the merge of the cases that were as ``before``."""
        after = self._take(survivor | merged)
        return self.create(
            {
                'case_model': survivor._name,
                'survivor_ref': survivor.id,
                **self._prepare_survivor_values(survivor, before, after),
                'follower_ids': self._get_new_followers(survivor.id, before, after),
                'sources': {
                    case.id: self._prepare_source(case.id, survivor.id, before, after)
                    for case in merged
                },
            }
        )

    @api.model
    def _prepare_source(self, case_id, survivor_id, before, after):
        rows, attached = before['rows'][case_id], before['attached'][case_id]
        return {
            'changes': get_changes(rows, after['rows'][case_id], LOG_ACCESS_COLUMNS),
            'moved': get_moved(attached, after['attached'][survivor_id], LOG_ACCESS_COLUMNS),
        }

    @api.model
    def _get_new_followers(self, survivor_id, before, after):
        old, new = (
            {row['id'] for row in taken['attached'][survivor_id].get(FOLLOWERS, ())}
            for taken in (before, after)
        )
        return sorted(new - old)

    @api.model
    def _search_open(self, cases):
        """Return the merges into the cases that may still be undone, the last ones first."""
        return self.search(
            [
                ('case_model', '=', cases._name),
                ('survivor_ref', 'in', cases.ids),
                ('state', '=', 'done'),
            ]
        )

    # === UNDO === #

    def _undo(self):
        """Bring the merged cases back, and give all that was theirs back to them.

        What was edited or added since stays with the survivor.

        :return: the cases that are back
        """
        self.ensure_one()
        self.env.flush_all()
        survivor = self.env[self.case_model].browse(self.survivor_ref)
        restored = self._restore_sources(survivor)
        self.env['mail.followers'].browse(self.follower_ids or ()).exists().unlink()
        self._put_survivor_back(survivor, self._get_reverted_values(survivor))
        self.state = 'undone'
        return restored

    def _restore_sources(self, survivor):
        snapshot = self.env['crm.merge.snapshot']
        sources = {int(case_id): source for case_id, source in (self.sources or {}).items()}
        cases = survivor.browse(sources).exists()
        snapshot._revert_rows(
            survivor._table, {case.id: sources[case.id]['changes'] for case in cases}
        )
        snapshot._move_back(survivor._name, (sources[case.id]['moved'] for case in cases))
        self.env.invalidate_all()
        return cases

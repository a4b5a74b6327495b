from odoo import fields, models

from ...core.pauses import Pauses


class ServiceCaseMixin(models.AbstractModel):
    """What is remembered of a case that was closed and taken up again."""

    _inherit = 'service.case.mixin'

    reopen_count = fields.Integer(
        string='Reopenings',
        readonly=True,
        copy=False,
        aggregator='sum',
        help='How often the case was taken up again after it was closed.',
    )
    closed_spans = fields.Json(
        string='Times Closed',
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help='From when to when the case was closed before: a list of [from, to] in UTC, in order.',
    )

    def write(self, vals):
        is_moving = bool(vals.keys() & {'date_closed', 'stage_id'})
        closed = {case: case.date_closed for case in self if is_moving and case.date_closed}
        result = super().write(vals)
        for case, date_closed in closed.items():
            if not case.date_closed:
                # sudo: who takes a case up again changes the stage, we remember
                case.sudo()._remember_closing(date_closed)
        return result

    def _remember_closing(self, since):
        spans = Pauses.from_stored(self.closed_spans or []).stand(since).run(fields.Datetime.now())
        self.write({'closed_spans': spans.to_stored(), 'reopen_count': len(spans.over)})

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...core.stages import CLOSED_KINDS


class ServiceCaseMixin(models.AbstractModel):
    """When a case was opened, when it is due, and how long it took."""

    _inherit = 'service.case.mixin'

    date_open = fields.Datetime(
        string='Opened on',
        required=True,
        copy=False,
        default=fields.Datetime.now,
        index=True,
    )
    date_deadline = fields.Datetime(
        string='Deadline',
        copy=False,
        index='btree_not_null',
        tracking=True,
    )
    is_late = fields.Boolean(
        string='Late',
        compute='_compute_is_late',
        search='_search_is_late',
        help='Still open although the deadline has passed.',
    )
    days_to_close = fields.Float(
        compute='_compute_days_to_close',
        store=True,
        precompute=True,
        aggregator='avg',
        help='Days from opening to closing.',
    )

    # === COMPUTE METHODS === #

    @api.depends('date_deadline', 'stage_kind')
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for case in self:
            case.is_late = (
                bool(case.date_deadline)
                and case.date_deadline < now
                and case.stage_kind not in CLOSED_KINDS
            )

    @api.model
    def _search_is_late(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return Domain('date_deadline', '<', fields.Datetime.now()) & Domain(
            'stage_kind', 'not in', CLOSED_KINDS
        )

    @api.depends('date_open', 'date_closed')
    def _compute_days_to_close(self):
        for case in self:
            elapsed = case.date_closed and case.date_open and case.date_closed - case.date_open
            case.days_to_close = elapsed.total_seconds() / 86400 if elapsed else 0.0

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        is_history = any(vals.get('date_closed') for vals in vals_list)
        stages = self._get_stages() if is_history else None
        return super().create([self._complete_history(vals, stages) for vals in vals_list])

    # === BUSINESS METHODS === #

    @api.model
    def _complete_history(self, vals, stages):
        """Return the values of a case that comes with its closing date: it is closed, and was
        opened no later.

        :param stages: those of this kind of case, read once for all of them
        """
        closed = vals.get('date_closed')
        if not closed:  # what is empty must not stand in for what is computed
            return {name: value for name, value in vals.items() if name != 'date_closed'}
        stage_id = vals.get('stage_id') or self._get_closing_stage(stages, vals.get('team_id')).id
        return {**vals, 'stage_id': stage_id, 'date_open': vals.get('date_open') or closed}

    @api.model
    def _is_imported(self):
        """Tell whether records come in by a file: nothing happens because of them."""
        return bool(self.env.context.get('_import_current_module'))

    @api.model
    def _get_closing_stage(self, stages, team_id):
        """Return the first of the stages in which a team has solved cases."""
        solved = stages.filtered(lambda stage: stage.kind == 'solved')
        return solved._filter_for_team(self.env['service.team'].browse(team_id or []))[:1]

    def _read_group_select(self, aggregate_spec, query):
        """Keep what is still open out of the average of the days to close."""
        sql = super()._read_group_select(aggregate_spec, query)
        if not aggregate_spec.startswith('days_to_close:'):
            return sql
        date_closed = self._field_to_sql(self._table, 'date_closed', query)
        return SQL('%s FILTER (WHERE %s IS NOT NULL)', sql, date_closed)

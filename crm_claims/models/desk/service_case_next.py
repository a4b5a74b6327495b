from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# What was promised first, then what matters most, then what waits longest.
NEXT_ORDER = 'date_deadline ASC NULLS LAST, priority DESC, date_open, id'
# More agents than these do not ask in the same moment.
CANDIDATES = 20


class ServiceCaseMixin(models.AbstractModel):
    """The next case that somebody has to take: two agents who ask at once never get the same."""

    _inherit = 'service.case.mixin'

    _next_idx = models.Index(
        '(date_deadline, priority DESC, date_open, id) '
        "WHERE user_id IS NULL AND active IS TRUE AND stage_kind IN ('new', 'open')"
    )

    # === ACTIONS === #

    def action_take_next(self):
        """Assign the most urgent case that nobody has to the current user, and open it.

        Of the teams that the user is a member or the leader of: by deadline, priority, age.
        Where nothing waits it says so. Refused with a UserError for who is in no team.
        """
        teams = self.env['service.team']._get_own_teams()
        if not teams:
            raise UserError(
                self.env._('You are in no team yet. A manager can add you to one as a member.')
            )
        return self._take_next(teams)

    # === BUSINESS METHODS === #

    @api.model
    def _take_next(self, teams):
        """Assign and open the next case of the teams, or tell that nothing waits."""
        case = self._lock_next(self._get_next_domain(teams))
        if not case:
            return self._prepare_nothing_waits()
        case.action_assign_to_me()
        return case.get_formview_action()

    @api.model
    def _get_next_domain(self, teams):
        """Return what waits for somebody to take it; override to hold more back."""
        return (
            Domain('team_id', 'in', teams.ids)
            & Domain('user_id', '=', False)
            & Domain('stage_kind', 'in', ('new', 'open'))
        )

    @api.model
    def _lock_next(self, domain):
        """Lock the first that nobody else is taking in this moment."""
        passed = self.browse()
        while candidates := self.search(
            domain & Domain('id', 'not in', passed.ids), order=NEXT_ORDER, limit=CANDIDATES
        ):
            taken = candidates.try_lock_for_update(allow_referencing=True, limit=1)
            if taken:
                return taken
            passed |= candidates
        return passed.browse()

    @api.model
    def _prepare_nothing_waits(self):
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'info',
                'message': self.env._('Nothing waits: all that your teams have is taken.'),
            },
        }

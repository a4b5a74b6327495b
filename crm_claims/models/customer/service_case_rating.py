import datetime

from odoo import api, fields, models
from odoo.fields import Domain

from ...core.cases import CASE_MODELS


class ServiceCaseMixin(models.AbstractModel):
    """The customer's opinion, asked for once each time that a case is solved."""

    _inherit = 'service.case.mixin'

    rating_due = fields.Boolean(
        readonly=True,
        copy=False,
        help='Solved, and the customer has not been asked yet: a scheduled action does it.',
    )

    date_rating_asked = fields.Datetime(
        string='Rating asked on',
        readonly=True,
        copy=False,
        help='When the customer was last asked, by mail, what they think of it.',
    )

    _rating_due_idx = models.Index('(id) WHERE rating_due')

    def write(self, vals):
        solved = self.filtered(lambda case: case.stage_kind == 'solved')
        result = super().write(vals)
        if 'stage_id' in vals:
            self._sync_rating_due(solved)
        return result

    def _sync_rating_due(self, solved_before):
        """Note whom to ask: what has just become solved, and not what was reopened."""
        reopened = self.filtered(lambda case: case.rating_due and case.stage_kind != 'solved')
        if reopened:
            reopened.sudo().rating_due = False
        due = (self - solved_before).filtered(lambda case: case._is_rating_wanted())
        if due:
            # sudo: an agent solves, asking for the opinion is the system's
            due.sudo().rating_due = True
            self.env.ref('crm_claims.ir_cron_request_ratings').sudo()._trigger()

    def _is_rating_wanted(self) -> bool:
        """Tell whether the customer is asked about this case; override to ask less or more."""
        return (
            self.stage_kind == 'solved'
            and bool(self.email_normalized)
            and self.team_id.rating_active
            and self._get_mail_target() == self
            and not self.env.context.get('_import_current_module')
        )

    def _is_rating_recent(self) -> bool:
        """Tell whether the customer was asked about any case within the days that the team sets."""
        since = fields.Datetime.now() - datetime.timedelta(days=self.team_id.rating_days)
        asked = Domain('email_normalized', '=', self.email_normalized) & Domain(
            'date_rating_asked', '>', since
        )
        return any(
            # sudo: what other teams asked the customer counts as well
            self.env[name].sudo().with_context(active_test=False).search_count(asked, limit=1)
            for name in CASE_MODELS
        )

    def _is_rating_open(self) -> bool:
        """Tell whether the customer may rate now: solved, and not rated since."""
        return self.stage_kind == 'solved' and (
            self.rating_due or bool(self.sudo().rating_ids.filtered(lambda r: not r.consumed))
        )

    def _apply_rating(self, value: int, feedback: str):
        """Record the customer's opinion, given in the portal instead of by the mail."""
        self.rating_due = False
        token = self._rating_get_access_token()
        rating = self.rating_ids.filtered(lambda rating: rating.access_token == token)
        self.rating_apply(value, rating=rating, feedback=feedback)

    def _rating_get_parent_field_name(self):
        return 'team_id'

    @api.model
    def _request_due_ratings(self):
        """Ask by mail for every rating that is due; each request is a transaction of its own."""
        due = Domain('rating_due', '=', True)
        self._run_in_batches(due, lambda cases: cases._request_rating(), size=1)

    def _request_rating(self):
        name = self._name.replace('.', '_')
        template = self.env.ref(f'crm_claims.mail_template_{name}_rating')
        for case in self:
            case.rating_due = False
            if not case._is_rating_recent():
                case.date_rating_asked = fields.Datetime.now()
                case._post_automatic_mail(template)

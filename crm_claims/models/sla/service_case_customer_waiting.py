from odoo import api, fields, models


class ServiceCaseMixin(models.AbstractModel):
    """The customer who wrote last and waits for an answer.

    What the customer writes begins it, an agent's answer or closing ends it. After the first
    answer of a case there is a promise for the next one, the target ``next_response``.
    """

    _inherit = 'service.case.mixin'

    is_customer_waiting = fields.Boolean(
        string='Customer Waiting',
        compute='_compute_is_customer_waiting',
        store=True,
        help='The customer wrote last, and nobody has answered.',
    )
    date_customer_waiting = fields.Datetime(
        string='Customer Waiting since',
        readonly=True,
        copy=False,
        help='When the customer wrote the first of the messages that nobody has answered.',
    )
    date_next_response = fields.Datetime(
        string='Next Response on',
        readonly=True,
        copy=False,
        help='When an agent answered what the customer wrote last; empty while it is not answered.',
    )

    # few of many, in the order in which they are listed
    _customer_waiting_idx = models.Index(
        '(team_id, priority DESC, id DESC) WHERE is_customer_waiting IS TRUE'
    )

    # === COMPUTE METHODS === #

    @api.depends('date_customer_waiting')
    def _compute_is_customer_waiting(self):
        for case in self:
            case.is_customer_waiting = bool(case.date_customer_waiting)

    # === CRUD METHODS === #

    def write(self, vals):
        is_closing = 'stage_id' in vals
        before = self.filtered('date_closed') if is_closing else self
        result = super().write(vals)
        closed = (self - before).filtered(lambda case: case.date_closed)
        # sudo: who closes changes the stage, that nobody waits any longer follows from it
        closed.filtered('is_customer_waiting').sudo().date_customer_waiting = False
        return result

    # === BUSINESS METHODS === #

    def _acknowledge(self):
        """Who opened a case by mail or in the portal waits from the beginning."""
        result = super()._acknowledge()
        self._note_customer_waiting()
        return result

    def _apply_customer_reply(self):
        result = super()._apply_customer_reply()
        self.filtered(lambda case: not case._is_past_grace())._note_customer_waiting()
        return result

    def _note_customer_waiting(self, since=None):
        """The customer wrote: somebody waits, unless somebody did already.

        :param since: when it was written, if not now
        """
        # sudo: the customer writes, that we owe an answer is our rule
        cases_sudo = self.sudo().filtered(lambda case: not case.date_customer_waiting)
        cases_sudo.sla_clock_ids.filtered(
            lambda clock: clock.target == 'next_response' and not clock.ended_at
        )._end()
        cases_sudo.write(
            {
                'date_customer_waiting': since or fields.Datetime.now(),
                'date_next_response': False,
            }
        )
        awaiting = cases_sudo.filtered(lambda case: case._is_next_response_awaited())
        awaiting._promise_next_response()

    def _promise_next_response(self):
        """Give the promise of the policy that covers the cases now; the other clocks go on."""
        promises = self._prepare_sla_promises()
        self.env['service.sla.clock'].sudo().create(
            [
                {**values, **case._prepare_clock_start(target)}
                for (case, target), values in promises.items()
                if target == 'next_response'
            ]
        )
        self._sync_sla()

    def _is_next_response_awaited(self):
        """Tell whether the customer wrote after an answer: before it, the first one is awaited."""
        is_answered = self.date_first_response or self._is_taken_up_again()
        return self.is_customer_waiting and bool(is_answered) and not self.date_closed

    def _is_promised(self, target):
        if target == 'next_response':
            return self._is_next_response_awaited()
        return super()._is_promised(target)

    def _prepare_clock_start(self, target, is_passed_on=False):
        if target == 'next_response' and not is_passed_on:
            return {'date_start': self.date_customer_waiting, 'starts_on_opening': False}
        return super()._prepare_clock_start(target, is_passed_on)

    def _prepare_answer(self, now):
        values = super()._prepare_answer(now)
        if self.date_customer_waiting and self.date_customer_waiting <= now:
            values |= {'date_customer_waiting': False, 'date_next_response': now}
        return values

    def _merge_values(self, merged):
        """What was written to any of the cases and is not answered waits on the survivor."""
        waiting = (self | merged).filtered('date_customer_waiting')
        result = super()._merge_values(merged)
        if waiting:
            self._note_customer_waiting(min(waiting.mapped('date_customer_waiting')))
        return result

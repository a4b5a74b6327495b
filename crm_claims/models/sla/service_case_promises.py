from odoo import api, fields, models


class ServiceCaseMixin(models.AbstractModel):
    """Which promises a case gets, from which policy, and what becomes of those of before.

    A case has one current clock for each target. Another policy changes what is promised and keeps
    the time used. What is broken when the case goes to another team stays broken with the team
    that promised it, and the next team makes a promise of its own.
    """

    _inherit = 'service.case.mixin'

    @api.model
    def _get_sla_policy_fields(self):
        """Return the fields whose change makes the case choose its policy again."""
        names = {
            'category_id',
            'claim_type_id',
            'company_id',
            'partner_id',
            'priority',
            'team_id',
        }
        return names & self._fields.keys()

    def _choose_sla_clocks(self):
        """Give the cases the clocks that their policy promises.

        What was reached stays, and so does what is overdue: handing a case to a team without
        promises does not undo that.
        """
        if not self:
            return
        cases_sudo = self.sudo()
        promises = cases_sudo._prepare_sla_promises()
        current = cases_sudo._get_current_clocks()
        pending = {
            key: clock for key, clock in current.items() if not clock._get_reached_at(key[0])
        }
        passed_on = {
            key
            for key in pending.keys() & promises.keys()
            if pending[key]._is_broken_by_another(key[0].team_id)
        }
        clocks_sudo = self.env['service.sla.clock'].sudo()
        clocks_sudo.union(*(pending[key] for key in passed_on))._end()
        for key in pending.keys() & promises.keys() - passed_on:
            pending[key]._apply_promise(promises[key])
        clocks_sudo.union(*(pending[key] for key in pending.keys() - promises.keys())).filtered(
            lambda clock: not clock._is_broken()
        ).unlink()
        clocks_sudo.create(
            [
                {**values, **case._prepare_clock_start(target, (case, target) in passed_on)}
                for (case, target), values in promises.items()
                if (case, target) not in current or (case, target) in passed_on
            ]
        )

    def _get_current_clocks(self):
        """Return {(case, target): the clock that counts now}."""
        cases = {case.id: case for case in self}
        return {
            (cases[clock.case_id], clock.target): clock
            for clock in self.sla_clock_ids
            if not clock.ended_at
        }

    def _prepare_sla_promises(self):
        """Return {(case, target): values of the clock} by the policies of the cases."""
        policies = self.env['service.sla.policy'].sudo()._choose_policies(self)
        return {
            (case, target): {**values, 'case_model': self._name, 'case_id': case.id}
            for case, policy in policies.items()
            for target, values in policy._prepare_promises(case).items()
            if case._is_promised(target)
        }

    def _is_promised(self, target):
        """Tell whether a target is to be reached at all; override for one that is not always."""
        return (
            target != 'first_response'
            or not self._is_taken_up_again()
            or bool(self._get_current_clocks().get((self, target)))
        )

    def _is_taken_up_again(self):
        """Tell whether the case was closed before: the customer had an answer then."""
        return bool(self.reopen_count)

    def _prepare_clock_start(self, target, is_passed_on=False):
        """Return when a new promise begins: as the case does, unless it is given later."""
        if is_passed_on or self._is_taken_up_again():
            return {'date_start': fields.Datetime.now(), 'starts_on_opening': False}
        return {'date_start': self.date_open, 'starts_on_opening': True}

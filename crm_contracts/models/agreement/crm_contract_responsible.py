from odoo import models


class CrmContract(models.Model):
    """Who is responsible for a contract, and how they are told what there is to do."""

    _inherit = 'crm.contract'

    def _group_by_responsible(self, is_fit=lambda user: user.active):
        """Return {user who decides on the renewal: contracts}.

        The account manager, else the team's leader, else a sales administrator: the first who
        fits, or nobody.
        """
        users = self.env.ref('sales_team.group_sale_manager').sudo().all_user_ids.sorted('id')
        administrators = {
            company: users.filtered(lambda user, company=company: company in user.company_ids)[
                :1
            ].sudo(False)
            for company in self.company_id
        }

        def get_responsible(contract):
            candidates = (
                contract.manager_id,
                contract.team_id.user_id,
                administrators[contract.company_id],
            )
            return next(filter(is_fit, candidates), self.env['res.users'])

        return self.grouped(get_responsible)

    def _tell_responsible(self, activity_type, get_summary=None, get_note=None, **values):
        """Give who is responsible an activity for each contract.

        :param get_summary: function that says in the language of an environment what is to do
        :param get_note: function that says more of a contract, in the language of its environment
        """
        for user, contracts in self._group_by_responsible().items():
            told = contracts.with_context(lang=user.lang)
            if get_summary:
                values['summary'] = get_summary(told.env)
            for note, own in told.grouped(get_note or (lambda _contract: '')).items():
                noted = {**values, 'note': note} if note else values
                own.activity_schedule(activity_type, user_id=user.id, **noted)

    def _schedule_once(self, activity_type, **values):
        """Give who is responsible an activity for each contract that has none of the type."""
        known = self.env.ref(activity_type, raise_if_not_found=False)
        waiting = self.filtered(
            lambda contract: known not in contract.sudo().activity_ids.activity_type_id
        )
        waiting._tell_responsible(activity_type, **values)

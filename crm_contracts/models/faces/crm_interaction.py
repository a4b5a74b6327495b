from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...core.states import BILLABLE_STATES, RUNNING_STATES


class CrmInteraction(models.Model):
    _inherit = 'crm.interaction'
    _depends = {
        'crm.contract': ['date_closed', 'date_end', 'date_start', 'next_billing_date', 'state'],
        'crm.contract.term': ['contract_id', 'date_start'],
    }

    kind = fields.Selection(selection_add=[('contract', 'Contract')])
    event = fields.Selection(
        selection_add=[
            ('signed', 'Signed'),
            ('renewed', 'Renewed'),
            ('invoice_due', 'Invoice Due'),
            ('ended', 'End'),
        ]
    )

    @api.model
    def _get_appearances(self):
        return super()._get_appearances() | {'contract': ('fa-file-text-o', 6)}

    @api.model
    def _get_interaction_queries(self):
        return super()._get_interaction_queries() | {
            15: self._get_contract_term_query(),
            16: self._get_contract_end_query(),
            18: self._get_contract_invoice_query(),
        }

    @api.model
    def _get_activity_documents(self):
        return super()._get_activity_documents() | {'crm.contract': (17, 'partner_id')}

    @api.model
    def _get_message_documents(self):
        return super()._get_message_documents() | {'crm.contract': {'user_id': 'manager_id'}}

    @api.model
    def _get_contract_term_query(self):
        """The start of each term: the contract was signed, then renewed."""
        first = SQL('term.date_start = crm_contract.date_start')
        return self._get_interaction_query(
            15,
            'crm.contract',
            joins=[('term', 'crm_contract_term', SQL('term.contract_id = crm_contract.id'))],
            kind=SQL("'contract'"),
            event=SQL("CASE WHEN %s THEN 'signed' ELSE 'renewed' END", first),
            origin_id=SQL('term.id'),
            user_id='manager_id',
            date=self._get_noon(SQL('term.date_start')),
            is_all_day=SQL('TRUE'),
            is_planned=SQL('term.date_start > %s', fields.Date.context_today(self)),
        )

    @api.model
    def _get_contract_end_query(self):
        """The end of a contract: reached, or agreed and still to come."""
        running = Domain('state', 'in', RUNNING_STATES) & Domain('date_end', '!=', False)
        closed = Domain('state', '=', 'closed') & Domain('date_closed', '!=', False)
        open_end = SQL("crm_contract.state <> 'closed'")
        return self._get_interaction_query(
            16,
            'crm.contract',
            running | closed,
            kind=SQL("'contract'"),
            event=SQL("'ended'"),
            user_id='manager_id',
            date=self._get_noon(
                SQL(
                    """CASE WHEN %s THEN crm_contract.date_end
                            ELSE crm_contract.date_closed END""",
                    open_end,
                )
            ),
            is_all_day=SQL('TRUE'),
            is_planned=open_end,
            is_overdue=SQL(
                '%s AND crm_contract.date_end < %s', open_end, fields.Date.context_today(self)
            ),
        )

    @api.model
    def _get_contract_invoice_query(self):
        """The day on which a contract is next to be invoiced; overdue while it was not."""
        waiting = Domain('state', 'in', BILLABLE_STATES) & Domain('next_billing_date', '!=', False)
        return self._get_interaction_query(
            18,
            'crm.contract',
            waiting,
            kind=SQL("'contract'"),
            event=SQL("'invoice_due'"),
            user_id='manager_id',
            date=self._get_noon(SQL('crm_contract.next_billing_date')),
            is_all_day=SQL('TRUE'),
            is_planned=SQL('TRUE'),
            is_overdue=SQL('crm_contract.next_billing_date < %s', fields.Date.context_today(self)),
        )

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...core.states import RUNNING_STATES


class ServiceCaseMixin(models.AbstractModel):
    _inherit = 'service.case.mixin'

    contract_id = fields.Many2one(
        'crm.contract',
        compute='_compute_contract_id',
        store=True,
        readonly=False,
        precompute=True,
        index='btree_not_null',
        check_company=True,
        ondelete='restrict',
        tracking=True,
        domain="[('commercial_partner_id', '=', commercial_partner_id),"
        f" ('state', 'in', {RUNNING_STATES})]",
        help="Contract under which the case is handled: one of the customer's company. Proposed "
        'when exactly one is running.',
    )

    @api.depends('commercial_partner_id', 'company_id')
    def _compute_contract_id(self):
        """Propose the contract of a customer who has one; another customer's is let go."""
        running = self._get_running_contracts()
        for case in self:
            if not case._is_contract_fitting():
                own = running[case.company_id, case.commercial_partner_id]
                case.contract_id = own if len(own) == 1 else False

    @api.constrains('contract_id', 'partner_id')
    def _check_contract_id(self):
        for case in self:
            if case.contract_id and not case._is_contract_fitting():
                raise ValidationError(
                    self.env._(
                        '%(case)s cannot be handled under the contract "%(contract)s": that is a '
                        'contract of another customer.',
                        case=case.display_name,
                        contract=case.contract_id.sudo().display_name,
                    )
                )

    def _check_links(self, vals_list):
        """A contract that is proposed comes back from the form, whoever may read contracts."""
        return super()._check_links(
            [
                {name: value for name, value in vals.items() if name != 'contract_id'}
                if self._is_contract_proposed(vals)
                else vals
                for vals in vals_list
            ]
        )

    def _is_contract_proposed(self, vals):
        """Say whether values name the one contract that the case would get without them."""
        contract_id = vals.get('contract_id')
        if not isinstance(contract_id, int):
            return False
        contract = self.env['crm.contract'].browse(contract_id)
        if not contract or contract.has_access('read'):
            return False
        given = {
            name: vals[name] if name in vals else self[:1][name].id
            for name in ('partner_id', 'team_id', 'company_id')
        }
        self._fill_company([given])
        return self.new(given).contract_id._origin == contract

    def _is_contract_fitting(self):
        """Tell whether the contract is one of the case's customer and company."""
        self.ensure_one()
        # sudo: who works on cases need not see contracts
        contract_sudo = self.contract_id.sudo()
        return (
            bool(contract_sudo)
            and contract_sudo.company_id == self.company_id
            and contract_sudo.commercial_partner_id == self.commercial_partner_id
        )

    def _get_running_contracts(self):
        """Return {(company, commercial partner): running contracts}, in one query."""
        running = defaultdict(self.env['crm.contract'].browse)
        # sudo: what is proposed does not depend on who may see contracts
        contracts_sudo = (
            self.env['crm.contract']
            .sudo()
            .search(
                Domain('state', 'in', RUNNING_STATES)
                & Domain('commercial_partner_id', 'in', self.commercial_partner_id.ids)
            )
        )
        for contract in contracts_sudo:
            running[contract.company_id, contract.commercial_partner_id] |= contract.sudo(False)
        return running

    @api.model
    def _get_sla_policy_fields(self):
        return super()._get_sla_policy_fields() | {'contract_id'}

    def _merge_values(self, merged):
        """The survivor takes a contract over if it is one of its own customer."""
        result = super()._merge_values(merged)
        if not self.contract_id:
            customer = self.commercial_partner_id
            fitting_sudo = merged.contract_id.sudo().filtered(
                lambda contract: contract.commercial_partner_id == customer
            )
            # sudo: who merges need not see the contract
            self.sudo().contract_id = fitting_sudo[:1]
        return result

    def _keep_commercial_partner(self, origin):
        """What is made from a case goes on under its contract, which is one of that company."""
        result = super()._keep_commercial_partner(origin)
        if 'contract_id' in origin._fields:
            # sudo: who splits or converts need not see the contract
            self.sudo().contract_id = origin.contract_id
        return result

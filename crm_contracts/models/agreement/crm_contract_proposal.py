from odoo import api, fields, models
from odoo.fields import Command

from ...core.reactions import Reaction
from .crm_contract_conditions_mixin import MARKUPS_BY_KIND


class CrmContract(models.Model):
    """What a template proposes to a new contract: conditions, lines and rates.

    Scripts and imports get what they do not give themselves. In the form, what was typed by hand
    stays and is named; lines of the template chosen before go, unless somebody changed them.
    """

    _inherit = 'crm.contract'
    # A script that changes a draft gets what the form proposes.
    _reactions = (
        Reaction({'date_start'}, after='_move_line_dates'),
        Reaction({'template_id'}, after='_take_over_templates'),
    )

    proposed_template_id = fields.Many2one(
        'crm.contract.template',
        string='Template Proposed',
        copy=False,
        check_company=True,
        help='Template whose conditions the contract got.',
    )
    proposed_date_start = fields.Date(
        string='Start Proposed',
        compute='_compute_proposed_date_start',
        store=True,
        precompute=True,
        copy=False,
        help='Start from which the dates of the lines were counted.',
    )

    def _compute_proposed_date_start(self):
        for contract in self:
            contract.proposed_date_start = contract.date_start

    # === CREATE === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._complete_from_template(vals) for vals in vals_list])

    def _complete_from_template(self, vals):
        """Return the values with what the template proposes for those that are not given."""
        template = self.env['crm.contract.template'].browse(vals.get('template_id'))
        if not template or vals.get('proposed_template_id'):
            return vals
        start = fields.Date.to_date(vals.get('date_start')) or fields.Date.context_today(self)
        proposals = self._get_proposals(template)
        proposed = {
            name: self._fields[name].convert_to_write(proposals[name], template)
            for name in self._get_fields_to_propose(vals.keys())
            if name in proposals
        }
        return {
            **proposed,
            'line_ids': self._prepare_template_lines(template, start),
            'rate_ids': self._prepare_template_rates(template),
            'proposed_template_id': template.id,
            **vals,
        }

    @api.model
    def _get_fields_to_propose(self, given):
        """Return the fields that a template proposes beside those that are given."""
        # The markups by kind follow the one for all that is given.
        settled = given | MARKUPS_BY_KIND if 'cost_markup' in given else given
        return [name for name in self._get_template_fields() if name not in settled]

    @api.model
    def _get_proposals(self, template):
        """Return {field: value} of a template; a link that is empty proposes nothing."""
        return {
            name: template[name]
            for name in self._get_template_fields()
            if template and (template[name] or self._fields[name].type != 'many2one')
        }

    @api.model
    def _prepare_template_lines(self, template, date_start):
        return [
            Command.create(line._prepare_contract_line(date_start)) for line in template.line_ids
        ]

    @api.model
    def _prepare_template_rates(self, template):
        return [Command.create(rate._prepare_contract_rate()) for rate in template.rate_ids]

    # === WRITE === #

    def _take_over_templates(self, vals):
        """Let templates of drafts propose what they did not propose yet."""
        if 'proposed_template_id' in vals:
            return
        for contract in self.filtered(lambda one: one.state == 'draft' and one.template_id):
            if contract.template_id != contract.proposed_template_id:
                contract._take_over_template(given=vals.keys())

    # === FORM === #

    @api.onchange('template_id')
    def _onchange_template_id(self):
        """Take over what the template proposes, and say what was typed by hand and stays."""
        if not self.template_id or self.template_id == self.proposed_template_id:
            return None
        kept = self._take_over_template()
        if not kept:
            return None
        return {
            'warning': {
                'title': self.env._('Typed by hand'),
                'message': self.env._(
                    'The template has other values for these, which you typed yourself and keep: '
                    '%(names)s',
                    names=kept,
                ),
            }
        }

    def _take_over_template(self, given=frozenset()):
        """Take over what the template proposes, and return the labels of what differs and stays.

        :param given: names of fields that were said by hand just now
        """
        self.ensure_one()
        kept = self._take_over_conditions(given)
        if 'line_ids' not in given:
            self.line_ids -= self.line_ids.filtered(lambda line: line._is_as_proposed())
            self.line_ids = self._prepare_template_lines(self.template_id, self.date_start)
        if not self.rate_ids:
            self.rate_ids = self._prepare_template_rates(self.template_id)
        self.proposed_template_id = self.template_id
        return kept

    def _take_over_conditions(self, given):
        defaults = self._get_default_conditions()
        untouched = {**defaults, **self._get_proposals(self.proposed_template_id)}
        proposed = {**defaults, **self._get_proposals(self.template_id)}
        kept = []
        for name in self._get_fields_to_propose(given):
            if (self[name] or False) == (untouched[name] or False):
                self[name] = proposed[name]
            elif self[name] != proposed[name]:
                kept.append(self._fields[name]._description_string(self.env))
        return kept

    def _get_default_conditions(self):
        """Return {field: value} of what a contract without template begins with."""
        names = self._get_template_fields()
        given = {'partner_id': self.partner_id.id}
        new = self.new({**self.default_get([*names, 'company_id']), **given})
        return {name: new[name] for name in names}

    @api.onchange('date_start')
    def _move_line_dates(self, vals=None):
        """Let the lines of drafts start with them, but for those whose dates were typed."""
        for contract in self.filtered(lambda one: one.state == 'draft' and one.date_start):
            for line in contract.line_ids:
                if line._has_dates_counted_from(contract.proposed_date_start):
                    line.update(line._prepare_dates_counted_from(contract.date_start))
            # sudo where it is stored: from which day was counted is kept from being typed
            kept = contract.sudo() if contract.id else contract
            kept.proposed_date_start = contract.date_start

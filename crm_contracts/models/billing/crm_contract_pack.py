from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.crm_extended.tools.numbers import format_number

# What a pack is stays as it was bought.
KEPT_FIELDS = ('contract_id', 'kind', 'product_uom_id', 'quantity')


class CrmContractPack(models.Model):
    """Prepaid hours or days that a customer bought beside those of the term.

    A milestone of the contract charges them once. Hours use the packs in the order in which they
    expire; what is left on the last day is lost.
    """

    _name = 'crm.contract.pack'
    _description = 'Pack of Prepaid Units'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin', 'crm.contract.noted.mixin']
    _order = 'contract_id, date_end, id'
    _check_company_auto = True
    _parent_link = 'contract_id'

    contract_id = fields.Many2one(
        'crm.contract',
        required=True,
        readonly=True,
        index=True,
        ondelete='cascade',
        check_company=True,
    )
    company_id = fields.Many2one(related='contract_id.company_id', store=True)
    currency_id = fields.Many2one(related='contract_id.currency_id')
    line_id = fields.Many2one(
        'crm.contract.line',
        string='Charged By',
        required=True,
        readonly=True,
        index=True,
        ondelete='cascade',
        help='Milestone of the contract that charges the pack.',
    )
    quantity = fields.Float(
        string='Units', digits='Product Unit', required=True, readonly=True, help='Hours or days.'
    )
    product_uom_id = fields.Many2one(
        'uom.uom', string='Unit', required=True, readonly=True, ondelete='restrict'
    )
    price_unit = fields.Float(
        related='line_id.price_unit',
        help="Price of one unit in the contract's currency, without taxes.",
    )
    date_end = fields.Date(
        string='Usable Until',
        help='Last day whose hours may use the pack; empty: it does not expire.',
    )
    use_ids = fields.One2many('crm.contract.pack.use', 'pack_id', string='Uses', readonly=True)
    left = fields.Float(
        compute='_compute_left',
        digits='Product Unit',
        help='Units that neither the billing nor what is booked and not billed yet uses.',
    )
    is_expired = fields.Boolean(
        string='Expired', compute='_compute_is_expired', help='The last day has passed.'
    )

    _quantity_positive = models.Constraint(
        'CHECK (quantity > 0)', 'A pack has more than no prepaid units.'
    )
    _line_unique = models.Constraint('UNIQUE (line_id)', 'A milestone charges one pack.')

    # === COMPUTE === #

    @api.depends('quantity', 'product_uom_id', 'contract_id')
    @api.depends_context('lang')
    def _compute_display_name(self):
        for pack in self:
            pack.display_name = self.env._(
                '%(contract)s: %(quantity)s %(unit)s',
                contract=pack.contract_id.display_name,
                quantity=format_number(self.env, pack.quantity),
                unit=pack.product_uom_id.name,
            )

    @api.depends('quantity', 'date_end', 'use_ids.quantity', 'contract_id.billing_ids.state')
    def _compute_left(self):
        # sudo: who may read the pack may read what is left of it, hours need their own rights
        usages = self._origin.sudo().contract_id._get_prepaid_usages()
        for pack in self:
            stored = pack._origin.sudo()
            contract = stored.contract_id
            hours = usages[contract].usages[stored].left if stored else 0.0
            pack.left = stored and contract._get_units(hours, stored.product_uom_id)

    @api.depends('date_end')
    def _compute_is_expired(self):
        today = fields.Date.context_today(self)
        for pack in self:
            pack.is_expired = bool(pack.date_end) and pack.date_end < today

    @api.model
    def _get_noted_fields(self):
        return ['quantity', 'product_uom_id', 'date_end']

    # === UNITS === #

    def _get_granted(self):
        """Return the units without those that were credited for good."""
        self.ensure_one()
        waived = self.line_id.billing_ids.filtered(lambda row: row.state == 'waived')
        return self.quantity - sum(waived.mapped('quantity'))

    def _get_usable(self, day):
        """Return those whose units hours of a day may use."""
        return self.filtered(lambda pack: not pack.date_end or pack.date_end >= day)


class CrmContractPackUse(models.Model):
    """Units of a pack that hours in the billing ledger used."""

    _name = 'crm.contract.pack.use'
    _description = 'Use of a Pack'
    _order = 'pack_id, id'

    pack_id = fields.Many2one(
        'crm.contract.pack', required=True, readonly=True, index=True, ondelete='restrict'
    )
    billing_id = fields.Many2one(
        'crm.contract.billing', required=True, readonly=True, index=True, ondelete='cascade'
    )
    contract_id = fields.Many2one(related='pack_id.contract_id', store=True, precompute=True)
    company_id = fields.Many2one(related='pack_id.company_id', store=True, precompute=True)
    product_uom_id = fields.Many2one(related='pack_id.product_uom_id')
    quantity = fields.Float(
        string='Units', required=True, readonly=True, help='In the unit of the pack.'
    )


class CrmContractLine(models.Model):
    """Milestones that charge packs: they say what the pack says."""

    _inherit = 'crm.contract.line'

    pack_ids = fields.One2many('crm.contract.pack', 'line_id', readonly=True)

    def write(self, vals):
        if vals.keys() & set(KEPT_FIELDS):
            self._check_pack_kept(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used_pack(self):
        used = self.sudo().pack_ids.filtered('use_ids')[:1]
        if used:
            raise UserError(
                self.env._(
                    'Hours use the pack "%(pack)s" already: its milestone cannot be deleted.',
                    pack=used.display_name,
                )
            )

    def _check_pack_kept(self, vals):
        """Refuse to make another pack of one that was bought."""
        for line in self.sudo().filtered('pack_ids'):
            changed = any(
                name in vals and line._fields[name].convert_to_write(line[name], line) != vals[name]
                for name in KEPT_FIELDS
            )
            if changed:
                raise UserError(
                    self.env._(
                        'The milestone "%(line)s" charges a pack of prepaid units, which stays as '
                        'it was bought. Delete it and buy another pack, or credit what is too '
                        'much.',
                        line=line._get_title(),
                    )
                )

    def _is_beside_agreed(self):
        """Say whether a milestone is charged beside the agreed amount, which stands in for others.

        Override for further kinds of charges.
        """
        return bool(self.pack_ids)

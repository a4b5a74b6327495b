from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date

from ...core.prepaid import UNIT_PRECISION, Pack
from ...core.states import RUNNING_STATES


class CrmContract(models.Model):
    """Packs of prepaid units of a contract: bought, used and what is left of them."""

    _inherit = 'crm.contract'

    pack_ids = fields.One2many('crm.contract.pack', 'contract_id', string='Packs', readonly=True)

    # === ACTIONS === #

    def action_top_up(self, quantity, price_unit=None, date_end=None):
        """Sell prepaid units beside those of the term; the next invoice charges them.

        Open hours use them too, those that were invoiced already do not.

        :param quantity: hours or days, in the prepaid unit of the contract
        :param price_unit: of one unit, in the contract's currency, without taxes; by default that
            of the last pack, else the overage price, else that of the customer's pricelist
        :param date_end: last day whose hours may use them; by default they do not expire
        :return: the ``crm.contract.pack``
        :raises UserError: if the contract does not run, nobody knows a price, or the numbers or
            the day make no sense
        """
        self.ensure_one()
        self.check_access('write')
        date_end = fields.Date.to_date(date_end) or False
        contract = self.sudo()
        contract._lock_for_billing()
        contract._check_top_up(quantity, date_end)
        price_unit = contract._get_pack_price() if price_unit is None else price_unit
        contract._check_pack_price(price_unit)
        line = contract.env['crm.contract.line'].create(
            contract._prepare_pack_line(quantity, price_unit, date_end)
        )
        pack = contract.env['crm.contract.pack'].create(
            {
                'contract_id': self.id,
                'line_id': line.id,
                'quantity': quantity,
                'product_uom_id': line.product_uom_id.id,
                'date_end': date_end,
            }
        )
        contract._on_top_up()
        return pack.sudo(self.env.su)

    def _on_top_up(self):
        """Do what follows when units were bought; extend it."""

    def _check_top_up(self, quantity, date_end):
        if self.state not in RUNNING_STATES:
            raise UserError(
                self.env._(
                    'The contract "%(contract)s" is not running, so no prepaid units are sold '
                    'with it.',
                    contract=self.display_name,
                )
            )
        digits = self.env['decimal.precision'].precision_get('Product Unit')
        if not 0 < round(quantity, digits) < float('inf'):
            raise UserError(self.env._('A pack has more than no prepaid units.'))
        if date_end and date_end < fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    'A pack that is usable until %(day)s could not be used any more.',
                    day=format_date(self.env, date_end),
                )
            )

    def _check_pack_price(self, price_unit):
        if price_unit is None:
            raise UserError(
                self.env._(
                    'Say the price of a unit: the contract "%(contract)s" has no overage price and '
                    'no service without rate.',
                    contract=self.display_name,
                )
            )
        if not 0 <= price_unit < float('inf'):
            raise UserError(self.env._('The price of prepaid units cannot be negative.'))

    def _get_pack_price(self):
        """Return the price of a unit where nobody says one, or None if nobody knows."""
        last = self.pack_ids.sorted('id')[-1:]
        if last and last.product_uom_id == self._get_pack_unit():
            return last.price_unit
        return self.overage_price or self._get_pricelist_pack_price()

    def _get_pricelist_pack_price(self):
        today = fields.Date.context_today(self)
        product = self.time_product_id
        if not product or not product.uom_id._has_common_reference(self._get_pack_unit()):
            return None
        pricelist = self.partner_id.with_company(self.company_id).property_product_pricelist
        price = self.env['crm.contract.biller']._get_pricelist_price(
            pricelist, product, self.company_id, self.currency_id, today
        )
        return price * self._get_unit_factor(self._get_pack_unit(), product.uom_id)

    def _get_pack_unit(self):
        return self.prepaid_uom_id or self._get_time_unit('hour')

    def _prepare_pack_line(self, quantity, price_unit, date_end):
        """Return the values of the milestone that charges a pack; override to add to it."""
        env = self.with_context(lang=self.partner_id.lang or self.env.lang).env
        product = self.time_product_id.with_env(env)
        name = product.display_name or env._('Prepaid units')
        if date_end:
            until = env._('Usable until %(day)s', day=format_date(env, date_end))
            name = f'{name}\n{until}'
        return {
            'contract_id': self.id,
            'kind': 'milestone',
            'name': name,
            'product_id': product.id,
            'product_uom_id': self._get_pack_unit().id,
            'quantity': quantity,
            'price_unit': price_unit,
            'date_start': self.date_start,
            'date_due': fields.Date.context_today(self),
        }

    # === WHAT IS LEFT === #

    def _get_prepaid_left(self):
        """Return the prepaid units of today as a list of dicts: those of the term, then the packs.

        ``name``, ``available``, ``left`` in ``unit``, and ``date_end``, the last day whose hours
        may use them, or False. Who may read the contract may read them; customers are among them.
        """
        self.ensure_one()
        self.check_access('read')
        contract = self.sudo()
        prepaid = contract._get_prepaid_usages().get(contract)
        if not prepaid:
            return []
        term = contract._get_prepaid_term(fields.Date.context_today(self))
        rows = [contract._prepare_left(one, prepaid) for one in contract._get_current_pools(term)]
        return [row for row in rows if row['available']]

    def _prepare_left(self, one, prepaid):
        """Return what there is to say of the prepaid units of a term or a pack."""
        is_term = one._name == 'crm.contract.term'
        unit = one.prepaid_uom_id if is_term else one.product_uom_id
        usage = prepaid.usages[one].divide(self._get_hours(1.0, unit))
        expires = not is_term or not self.prepaid_rollover
        return {
            'name': self.env._('Term') if is_term else self.env._('Pack'),
            'available': usage.available,
            'left': usage.left,
            'unit': unit,
            'date_end': expires and one.date_end,
        }

    def _get_current_pools(self, term):
        usable = self.pack_ids._get_usable(fields.Date.context_today(self))
        return [*super()._get_current_pools(term), *usable]

    # === USAGE === #

    @api.model
    def _get_prepaid_domain(self):
        return super()._get_prepaid_domain() | Domain('pack_ids', '!=', False)

    def _has_prepaid(self):
        return super()._has_prepaid() or self._has_packs()

    def _has_packs(self):
        """Say whether prepaid units were bought beside those of the terms."""
        return bool(self.pack_ids)

    def _get_settled_units(self):
        settled = super()._get_settled_units()
        packs = self.pack_ids
        return {**settled, **self._get_settled_packs(packs)} if packs else settled

    def _get_settled_packs(self, packs):
        """Return {pack: units that the ledger used of it}."""
        settled = self.env['crm.contract.billing']._get_settled_domain()
        return dict(
            self.env['crm.contract.pack.use']._read_group(
                Domain('pack_id', 'in', packs.ids) & Domain('billing_id', 'any', settled),
                ['pack_id'],
                ['quantity:sum'],
            )
        )

    def _get_pack_hours(self, settled):
        packs = [
            Pack(
                pack,
                self._get_hours(pack._get_granted(), pack.product_uom_id),
                self._get_hours(settled.get(pack, 0.0), pack.product_uom_id),
                pack.date_end or date.max,
            )
            for pack in self.pack_ids
        ]
        return [*super()._get_pack_hours(settled), *packs]

    def _prepare_billing_row(self, entry):
        values = super()._prepare_billing_row(entry)
        if entry.get('pack_uses'):
            values['pack_use_ids'] = [
                Command.create({'pack_id': pack_id, 'quantity': quantity})
                for pack_id, quantity in entry['pack_uses']
            ]
        return values


class CrmContractBilling(models.Model):
    _inherit = 'crm.contract.billing'

    pack_use_ids = fields.One2many(
        'crm.contract.pack.use',
        'billing_id',
        string='Packs Used',
        readonly=True,
        help='Units of packs that the hours used.',
    )


class CrmContractBiller(models.AbstractModel):
    """Which packs hours use."""

    _inherit = 'crm.contract.biller'

    def _get_used_packs(self, contract, used):
        uses = tuple(
            (pack.id, round(contract._get_units(hours, pack.product_uom_id), UNIT_PRECISION))
            for pack, hours in used.items()
            if hours
        )
        return {**super()._get_used_packs(contract, used), 'pack_uses': uses or None}

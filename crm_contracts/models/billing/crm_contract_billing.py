from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...core.ledger import LIVE_STATES, TRANSITIONS, overlap
from ...core.plan import Entry

ROW_KINDS = [
    ('recurring', 'Recurring'),
    ('milestone', 'Milestone'),
    ('time', 'Time'),
    ('cost', 'Cost'),
    ('usage', 'Usage'),
    ('minimum', 'Minimum'),
    ('advance', 'Advance'),
    ('retention', 'Retention'),
]
# What each run computes anew from what it charges: no part of it is billed again as it was.
RECOMPUTED_KINDS = ('advance', 'retention')
ROW_STATES = [
    ('invoiced', 'Invoiced'),
    ('covered', 'Prepaid'),
    ('released', 'Released'),
    ('waived', 'Waived'),
]


class CrmContractBilling(models.Model):
    """The billing ledger: one row for all that a contract ever put on an invoice.

    A row is *invoiced* while an invoice stands for it and *released* when that invoice was
    cancelled, deleted or credited. What is released goes back to its source, which is then open
    again. A row of which only a part was credited is split; its parts go on to be billed as they
    are (``rebill``), so that exactly the quantity credited comes back.
    """

    _name = 'crm.contract.billing'
    _description = 'Contract Billing'
    _order = 'contract_id, period_start desc, id desc'

    contract_id = fields.Many2one(
        'crm.contract', required=True, index=True, readonly=True, ondelete='restrict'
    )
    company_id = fields.Many2one(related='contract_id.company_id', store=True)
    partner_id = fields.Many2one(related='contract_id.partner_id')
    line_id = fields.Many2one(
        'crm.contract.line',
        string='Contract Line',
        index='btree_not_null',
        readonly=True,
        ondelete='restrict',
    )
    kind = fields.Selection(ROW_KINDS, required=True, readonly=True)
    state = fields.Selection(
        ROW_STATES,
        required=True,
        readonly=True,
        default='invoiced',
        copy=False,
        help='Invoiced: an invoice stands for it.\n'
        'Prepaid: hours that prepaid units cover; no invoice charges them.\n'
        'Released: the invoice was cancelled, deleted or credited.\n'
        'Waived: credited and never billed again.',
    )
    rebill = fields.Boolean(
        string='To Bill Again',
        readonly=True,
        help='The next invoice takes the row as it is, as far as the contract covers its days.',
    )
    name = fields.Text(string='Description', readonly=True)
    period_start = fields.Date(string='From', readonly=True)
    period_end = fields.Date(
        string='To', readonly=True, help='The day after the last day of the period.'
    )
    date_due = fields.Date(string='Due', readonly=True)
    product_id = fields.Many2one('product.product', readonly=True, ondelete='restrict')
    product_uom_id = fields.Many2one('uom.uom', string='Unit', readonly=True, ondelete='restrict')
    quantity = fields.Float(digits='Product Unit', readonly=True)
    price_unit = fields.Float(
        string='Unit Price', min_display_digits='Product Price', readonly=True
    )
    discount = fields.Float(string='Discount (%)', digits='Discount', readonly=True)
    amount = fields.Monetary(readonly=True, help='Without taxes.')
    currency_id = fields.Many2one('res.currency', required=True, readonly=True)
    term_id = fields.Many2one(
        'crm.contract.term',
        readonly=True,
        index='btree_not_null',
        ondelete='restrict',
        help='Term whose prepaid units the hours used.',
    )
    covered_quantity = fields.Float(
        string='Prepaid Units Used',
        readonly=True,
        copy=False,
        help='Units of the term that the hours used, in the prepaid unit.',
    )
    released_line_id = fields.Many2one(
        'account.move.line',
        string='Released After',
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='set null',
        help='Last invoice line that charged the row when it was released by hand. It and those '
        'before stand for the row no more.',
    )
    move_line_ids = fields.One2many(
        'account.move.line',
        'crm_contract_billing_id',
        string='Invoice Lines',
        readonly=True,
        help='Invoice lines that charge the row and credit note lines that release it.',
    )
    analytic_line_ids = fields.One2many(
        'account.analytic.line', 'crm_contract_billing_id', string='Analytic Items', readonly=True
    )

    _live_period_unique = models.UniqueIndex(
        '(line_id, period_start, COALESCE(part, 0)) '
        "WHERE state = 'invoiced' AND kind = 'recurring'",
        'This period of the contract line is billed already.',
    )
    _live_milestone_unique = models.UniqueIndex(
        "(line_id, COALESCE(part, 0)) WHERE state = 'invoiced' AND kind = 'milestone'",
        'This milestone is billed already.',
    )
    _rebill_index = models.Index('(contract_id) WHERE rebill')
    # What is missing would slip through the unique indexes.
    _source_known = models.Constraint(
        """CHECK (kind NOT IN ('recurring', 'milestone') OR line_id IS NOT NULL
              AND (kind = 'milestone' OR period_start IS NOT NULL))""",
        'What is billed for a contract line names the line and its period.',
    )
    _period_ordered = models.Constraint(
        'CHECK (period_end > period_start)', 'A billed period ends after it starts.'
    )

    @api.depends('name', 'period_start', 'period_end')
    def _compute_display_name(self):
        for row in self:
            row.display_name = (row.name or row.contract_id.display_name or '').split('\n')[0]

    # === ACTIONS === #

    def action_release(self):
        """Bill again what was invoiced, where no credit note says so by itself.

        :raises UserError: if a row is not invoiced, or its invoice is still a draft
        """
        self.contract_id.check_access('write')
        rows = self.sudo()
        rows._check_transition('released')
        for row in rows:
            if row._is_refund():
                raise UserError(
                    self.env._(
                        '"%(row)s" is given back to the customer by %(refund)s: cancel or delete '
                        'that instead.',
                        row=row.display_name,
                        refund=row._get_invoice_names(),
                    )
                )
            if 'draft' in row._get_invoice_lines().mapped('parent_state'):
                raise UserError(
                    self.env._(
                        'The invoice of "%(row)s" is still a draft: cancel or delete it instead.',
                        row=row.display_name,
                    )
                )
            row.released_line_id = row._get_invoice_lines().sorted('id')[-1:]
        rows._release()
        return True

    def action_waive(self):
        """Never bill again what was released.

        :raises UserError: if a row is not released, or was billed again already
        """
        self.contract_id.check_access('write')
        rows = self.sudo()
        rows._check_transition('waived')
        rows._check_not_superseded()
        return rows.write({'state': 'waived', 'rebill': False})

    # === ROW_STATES === #

    @api.model
    def _get_settled_domain(self):
        """Return the domain of the rows whose source is not open: nothing of it is planned."""
        return Domain('state', 'in', (*LIVE_STATES, 'waived')) | Domain('rebill', '=', True)

    def _check_transition(self, target):
        labels = dict(self._fields['state']._description_selection(self.env))
        for row in self:
            if target not in TRANSITIONS[row.state]:
                raise UserError(
                    self.env._(
                        '"%(row)s" is %(state)s and cannot become %(target)s.',
                        row=row.display_name,
                        state=labels[row.state],
                        target=labels[target],
                    )
                )

    def _release(self):
        """Give rows back: split ones to be billed as they are, whole ones to their source."""
        live = self.filtered(lambda row: row.state in LIVE_STATES)
        for comes_back, rows in live.grouped(lambda row: row._comes_back()).items():
            rows.write({'state': 'released', 'rebill': comes_back})

    def _comes_back(self):
        """Say whether what is given back of a row is billed again as it was."""
        return self._is_split() and self.kind not in RECOMPUTED_KINDS

    def _reclaim(self):
        """Let released rows stand again, because their invoice does or a credit note does not."""
        released = self.filtered(lambda row: row.state != 'invoiced')
        if not released:
            return
        released._check_transition('invoiced')
        released._check_not_superseded()
        released.write({'state': 'invoiced', 'rebill': False})

    # === HOURS AND COSTS === #

    def _is_charged(self):
        """Say whether anything of the rows, or of their parts, stands."""
        return any(row.state in LIVE_STATES for row in self | self.part_ids)

    def _binds_items(self):
        """Say whether the hours and costs of the rows have to stay as they are.

        Also while nothing stands: what was split is billed again as it was.
        """
        return self._is_charged() or any((self | self.part_ids).mapped('rebill'))

    def _let_items_go(self):
        """Forget the hours and costs that changed since the rows were released.

        So no invoice that comes back stands for what is not what it charged.
        """
        released = self.filtered(lambda row: row.state == 'released' and not row._binds_items())
        released.analytic_line_ids.crm_contract_billing_id = False

    # === DOCUMENTS === #

    def _get_last_day(self):
        """Return the last day of the period, or False."""
        self.ensure_one()
        return self.period_end and fields.Date.subtract(self.period_end, days=1)

    def _get_invoice_lines(self):
        """Return the lines of live invoices that charge the rows and are not credited in full."""
        lines = self.env['account.move.line']
        for row in self:
            lines = lines.concat(*row._get_standing_lines().values())
        return lines.filtered(lambda line: line._charges_crm_contract())

    def _check_not_superseded(self):
        """Refuse to let a row stand beside another that was billed in its place since."""
        whole = self.filtered(lambda row: not row._is_split())
        rivals = self.search(
            Domain('line_id', 'in', whole.line_id.ids)
            & Domain('id', 'not in', whole.ids)
            & self._get_settled_domain()
        ).grouped('line_id')
        for row in whole:
            superseded = any(
                row._excludes(rival) for rival in rivals.get(row.line_id, self.browse())
            )
            if superseded:
                row._refuse_as_superseded()
            if row._has_lost_items():
                row._refuse_as_changed()

    def _excludes(self, rival):
        """Say whether a row of the same line stands for what this one stood for."""
        if rival.kind != self.kind or self.kind == 'usage':
            return False
        return overlap(self._get_period(), rival._get_period())

    def _has_lost_items(self):
        """Say whether the hours, costs or reports of a row are not its own any more."""
        if self.kind == 'usage':
            return not self.usage_ids
        return self.kind in ('time', 'cost') and not self.analytic_line_ids

    def _get_period(self):
        """Return (first day, day after the last one), or None."""
        return (self.period_start, self.period_end) if self.period_start else None

    def _refuse_as_superseded(self):
        raise UserError(
            self.env._(
                '"%(row)s" of the contract "%(contract)s" was billed again since. Cancel or credit '
                'that invoice first.',
                row=self.display_name,
                contract=self.contract_id.display_name,
            )
        )

    def _refuse_as_changed(self):
        raise UserError(
            self.env._(
                'The hours, costs or usage of "%(row)s" of the contract "%(contract)s" were '
                'billed again, changed or deleted since. No document can stand for them as they '
                'were.',
                row=self.display_name,
                contract=self.contract_id.display_name,
            )
        )

    def _prepare_recharge(self, opened):
        """Return the entry of the billing plan that bills the row again, or a part of it.

        A part comes to the cent of its days, at the price that was billed first.

        :param opened: what of the row may be billed
        """
        self.ensure_one()
        is_whole = self._get_quantity_grid().compare(opened.quantity, self.quantity) == 0
        charge = (self.origin_id or self)._get_charge()
        amount = self.amount if is_whole else charge.get_amount_of(opened.exact)
        price = self._get_charge().fit_price(self.price_unit, opened.quantity, amount)
        return Entry(
            billing_id=self.id,
            contract_id=self.contract_id.id,
            line_id=self.line_id.id,
            kind=self.kind,
            period_start=self.period_start,
            period_end=self.period_end,
            date_due=self.date_due,
            name=self.name,
            product_id=self.product_id.id,
            product_uom_id=self.product_uom_id.id,
            quantity=opened.quantity,
            price_unit=price,
            discount=self.discount,
            amount=amount,
            currency_id=self.currency_id.id,
        )

from odoo import api, fields, models


class CrmCommercialPartnerMixin(models.AbstractModel):
    """Documents that belong to the company that their customer was with at the time.

    Whoever changes employer takes none along: they are the former employer's, in the portal and
    on the customer card.
    """

    _name = 'crm.commercial.partner.mixin'
    _description = 'Document of a Company of its Time'
    _inherit = ['crm.customer.document.mixin']

    commercial_partner_id = fields.Many2one(
        'res.partner',
        string='Customer Company',
        compute='_compute_commercial_partner_id',
        store=True,
        precompute=True,
        index='btree_not_null',
        help='The company of the customer when the customer was set; it stays when the contact '
        'changes employer.',
    )

    @api.depends('partner_id')
    def _compute_commercial_partner_id(self):
        """Depend on the customer alone: what becomes of the contact later changes nothing here."""
        for document in self:
            document.commercial_partner_id = document.partner_id.commercial_partner_id

    def write(self, vals):
        """Leave documents with their company that are given the customer that they have.

        An import or a synchronization says it again; that sets no customer.
        """
        kept = self.browse()
        if 'partner_id' in vals:
            kept = self.filtered(lambda document: document.partner_id.id == vals['partner_id'])
        if kept:
            others = {name: value for name, value in vals.items() if name != 'partner_id'}
            super(CrmCommercialPartnerMixin, kept).write(others)
        changed = self - kept
        return not changed or super(CrmCommercialPartnerMixin, changed).write(vals)

    def _keep_commercial_partner(self, origin):
        """Let the documents belong to the company of the one that they were made from."""
        # sudo: nobody else chooses it
        self.sudo().commercial_partner_id = origin.commercial_partner_id

    @api.model
    def _get_crm_company_field(self):
        return 'commercial_partner_id'

    @api.model
    def _get_commercial_partner_models(self):
        """Return the models whose documents have a company of their time."""
        heirs = self.env.registry.descendants(['crm.commercial.partner.mixin'], '_inherit')
        return [model for model in map(self.env.__getitem__, heirs) if not model._abstract]

    @api.model
    def _is_commercial_partner_model(self, model):
        return isinstance(model, self.env.registry['crm.commercial.partner.mixin'])

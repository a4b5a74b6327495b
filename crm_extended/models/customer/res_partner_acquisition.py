from odoo import api, fields, models
from odoo.tools import SQL

# Field of the customer: field of the lead that it is taken from.
ACQUISITION_FIELDS = {
    'crm_acquisition_medium_id': 'medium_id',
    'crm_acquisition_campaign_id': 'campaign_id',
    'crm_acquisition_source_id': 'source_id',
}


class ResPartner(models.Model):
    """How a customer was met."""

    _inherit = 'res.partner'

    crm_acquisition_medium_id = fields.Many2one(
        comodel_name='utm.medium',
        string='Acquisition Channel',
        index='btree_not_null',
        copy=False,
        help='How the contact was obtained: the channel of its first lead. What is here is '
        'never overwritten.',
    )
    crm_acquisition_campaign_id = fields.Many2one(
        comodel_name='utm.campaign',
        string='Acquisition Campaign',
        index='btree_not_null',
        copy=False,
        help='The campaign of the first lead. What is here is never overwritten.',
    )
    crm_acquisition_source_id = fields.Many2one(
        comodel_name='utm.source',
        string='Acquisition Source',
        index='btree_not_null',
        copy=False,
        help='The source of the first lead. What is here is never overwritten.',
    )

    @api.model
    def _fill_crm_acquisition(self, partner_ids=None):
        """Take channel, campaign and source of the first lead where a customer has none.

        One statement for any number of customers, on purpose past ``write_date``: the
        customer has not been edited. What the user may not see counts too, as the answer
        must not depend on who links the lead.

        :param partner_ids: only these; all that have a lead if None
        """
        self.env['crm.lead'].flush_model(['partner_id', *ACQUISITION_FIELDS.values()])
        self.flush_model(['commercial_partner_id', *ACQUISITION_FIELDS])
        rows = self.env.execute_query(self._get_crm_acquisition_query(partner_ids))
        filled = self.browse(partner_id for (partner_id,) in rows)
        filled.invalidate_recordset(list(ACQUISITION_FIELDS), flush=False)
        filled.modified(list(ACQUISITION_FIELDS))
        return filled

    def _get_crm_acquisition_query(self, partner_ids):
        columns = [
            (SQL.identifier(ours), SQL.identifier('first_lead', theirs))
            for ours, theirs in ACQUISITION_FIELDS.items()
        ]
        return SQL(
            'UPDATE res_partner AS customer SET %(values)s FROM (%(first_leads)s) AS first_lead'
            ' WHERE customer.id = first_lead.customer_id AND (%(anything_new)s)'
            ' RETURNING customer.id',
            values=SQL(', ').join(
                SQL('%s = COALESCE(customer.%s, %s)', ours, ours, theirs)
                for ours, theirs in columns
            ),
            first_leads=self._get_crm_first_lead_query(partner_ids),
            anything_new=SQL(' OR ').join(
                SQL('(customer.%s IS NULL AND %s IS NOT NULL)', ours, theirs)
                for ours, theirs in columns
            ),
        )

    def _get_crm_first_lead_query(self, partner_ids):
        """Return the SQL of the earliest lead of each customer.

        The leads of a company are those of its contacts too, archived ones included.
        """
        return SQL(
            """
            SELECT DISTINCT ON (pair.customer_id)
                   pair.customer_id, lead.medium_id, lead.campaign_id, lead.source_id
              FROM (
                    SELECT id AS customer_id, id AS partner_id FROM res_partner WHERE %(own)s
                     UNION
                    SELECT commercial_partner_id, id FROM res_partner WHERE %(family)s
                   ) AS pair
              JOIN crm_lead AS lead ON lead.partner_id = pair.partner_id
          ORDER BY pair.customer_id, lead.create_date, lead.id
            """,
            own=SQL('TRUE') if partner_ids is None else SQL('id IN %s', tuple(partner_ids)),
            family=(
                SQL('commercial_partner_id IS NOT NULL')
                if partner_ids is None
                else SQL('commercial_partner_id IN %s', tuple(partner_ids))
            ),
        )

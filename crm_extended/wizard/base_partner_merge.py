from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Remember the merge, to undo it, whoever begins it.

        Our own merge of many contacts at once says in the context that it does so itself: the
        signature of Odoo's has no room for it.
        """
        contacts = self.env['res.partner'].browse(partner_ids).exists()
        if len(contacts) < 2:
            return super()._merge(partner_ids, dst_partner, extra_checks)
        (contacts - (dst_partner or self._get_ordered_partner(contacts.ids)[-1]))._check_crm_merge()
        if self.env.context.get('crm_merge_is_remembered'):
            return super()._merge(partner_ids, dst_partner, extra_checks)
        merges_sudo = self.env['crm.duplicate.merge'].sudo()
        before = merges_sudo._take_contacts(contacts)
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        merges_sudo._record(contacts.exists(), before)
        return result

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Lead documents of what disappears to the company of what stays.

        Odoo would lead them to the contact that stays, which may be no company of its own.
        """
        company = dst_partner.commercial_partner_id
        for documents in self.env['crm.commercial.partner.mixin']._get_commercial_partner_models():
            documents.flush_model(['commercial_partner_id'])
            self.env.cr.execute(
                SQL(
                    """UPDATE %s SET commercial_partner_id = %s
                        WHERE commercial_partner_id IN %s""",
                    SQL.identifier(documents._table),
                    company.id,
                    tuple(src_partners.ids),
                )
            )
        self._drop_what_both_have(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _update_reference_fields(self, src_partners, dst_partner):
        """Keep the followers of all: for one that two contacts have, Odoo deletes all of one."""
        ids = (dst_partner | src_partners).ids
        is_of_contact = SQL("res_model = 'res.partner' AND res_id IN %s", tuple(ids))
        columns = SQL.identifier('partner_id')
        self._drop_doubles('mail_followers', 'res_id', columns, is_of_contact, dst_partner)
        self.env['mail.followers'].invalidate_model(flush=False)
        return super()._update_reference_fields(src_partners, dst_partner)

    def _drop_what_both_have(self, src_partners, dst_partner):
        """Delete what a contact that disappears has like another one, where there is one of a kind.

        Odoo deletes all rows of a table with the contact, for one that it cannot move; or fails.
        """
        ids = (dst_partner | src_partners).ids
        for table, link, others, condition in self._get_unique_links():
            columns = SQL(', ').join(map(SQL.identifier, others))
            is_theirs = SQL('%s IN %s', SQL.identifier(link), tuple(ids))
            # the condition is the database's own, of one of its indexes
            predicate = SQL('%s AND (%s)', is_theirs, SQL(condition.replace('%', '%%')))
            self._drop_doubles(table, link, columns, predicate, dst_partner)

    def _drop_doubles(self, table, link, columns, condition, dst_partner):
        """Delete rows that would be the same twice; those of the contact that stays come first."""
        self.env.cr.execute(
            SQL(
                """DELETE FROM %(table)s WHERE id IN (
                       SELECT id FROM (
                           SELECT id, ROW_NUMBER() OVER (
                                      PARTITION BY %(columns)s
                                      ORDER BY %(link)s = %(survivor)s DESC, id
                                  ) AS number
                             FROM %(table)s
                            WHERE %(condition)s AND ROW(%(columns)s) IS NOT NULL
                       ) AS numbered
                       WHERE number > 1)""",
                table=SQL.identifier(table),
                columns=columns,
                link=SQL.identifier(link),
                survivor=dst_partner.id,
                condition=condition,
            )
        )

    def _get_unique_links(self):
        """Return (table, link to a contact, other columns, condition) of unique indexes of tables.

        Those of which the link is the only column are left to Odoo, and tables without ids, too.
        """
        return self.env.execute_query(
            SQL(
                """SELECT t.relname, linked.attname,
                          ARRAY_AGG(other.attname ORDER BY other.attnum),
                          COALESCE(pg_get_expr(i.indpred, i.indrelid), 'TRUE')
                     FROM pg_index AS i
                     JOIN pg_class AS t ON t.oid = i.indrelid
                     JOIN pg_attribute AS own
                          ON own.attrelid = i.indrelid AND own.attname = 'id'
                     JOIN pg_constraint AS fk
                          ON fk.conrelid = i.indrelid AND fk.contype = 'f'
                         AND fk.confrelid = 'res_partner'::regclass
                     JOIN pg_attribute AS linked
                          ON linked.attrelid = i.indrelid AND linked.attnum = fk.conkey[1]
                     JOIN pg_attribute AS other
                          ON other.attrelid = i.indrelid AND other.attnum = ANY(i.indkey)
                         AND other.attnum != linked.attnum
                    WHERE i.indisunique AND linked.attnum = ANY(i.indkey)
                      AND 0 != ALL(i.indkey)
                      AND t.relname NOT LIKE 'base_partner_merge_%%'
                 GROUP BY t.relname, linked.attname, i.indexrelid, i.indpred, i.indrelid"""
            )
        )

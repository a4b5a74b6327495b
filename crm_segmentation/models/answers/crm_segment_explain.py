from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...core.answers import get_answers


class CrmSegment(models.Model):
    """Says of contacts what the rules of a segment measure, with the query that compiles them."""

    _inherit = 'crm.segment'

    def action_explain(self):
        """Open the dialogue that says why a contact belongs to the segment or does not."""
        self.ensure_one()
        self.check_access('read')
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_segmentation.crm_segment_explanation_action'
        )
        action['context'] = {'default_segment_id': self.id}
        return action

    def _explain(self, partners):
        """Say what each rule measures of contacts and whether it holds.

        Of who has no documents a number and a sum are 0; the days since the last, an average,
        a lowest and a highest are None. Who may not see the documents behind a value as their
        author may gets None for the value and whether it holds, and `hidden`.

        Of a group the value is how many of its lines hold; of all rules together the id is 0.

        :return: {partner id: {rule id: {'value', 'holds', 'hidden'}}}
        """
        self.ensure_one()
        self.check_access('read')
        partners.check_access('read')
        segment = self.sudo()
        rules = segment._get_complete_rules()
        visible = None
        if not self._is_read_by_author():
            visible = rules._measure_as(self._get_reader_env(), segment, partners)
        answers = get_answers(rules._measure(segment, partners), visible)
        return {
            partner_id: {
                line_id: answer._asdict()
                for line_id, answer in (told | segment._judge(told)).items()
            }
            for partner_id, told in answers.items()
        }

    def _explain_parts(self, partners):
        """Say of contacts which parts of the segment take them.

        Of criteria that would answer the reader otherwise than their author it is None.

        :return: {partner id: {'criteria', 'included', 'barred': whether it does}}
        """
        self.ensure_one()
        self.check_access('read')
        partners.check_access('read')
        segment = self.sudo()
        is_asked = Domain('id', 'in', partners.ids)
        parts = {
            name: set(segment._search_as_author(domain & is_asked).get_result_ids())
            for name, domain in segment._get_parts().items()
        }
        hidden = self._get_hidden_criteria(is_asked, parts['criteria'])
        return {
            partner.id: {name: partner.id in ids for name, ids in parts.items()}
            | ({'criteria': None} if partner.id in hidden else {})
            for partner in partners
        }

    def _get_hidden_criteria(self, is_asked, taken):
        """Return the ids of the asked contacts of whom the criteria are not told.

        :param taken: ids that the criteria take as their author sees them
        """
        if self._is_read_by_author():
            return set()
        reader = self._as_reader()
        try:
            query = reader._search_as_author(reader._get_parts()['criteria'] & is_asked)
            return taken ^ set(query.get_result_ids())
        except AccessError:
            return set(self.env['res.partner'].sudo()._search(is_asked).get_result_ids())

    def _explain_cut(self, partners):
        """Say of contacts whether criteria, rules and cut take them; None is not for the reader.

        :return: {partner id: whether they do}
        """
        self.ensure_one()
        self.check_access('read')
        is_asked = Domain('id', 'in', partners.ids)
        taken = self.sudo()._get_taken_ids(is_asked)
        hidden = set()
        if not self._is_read_by_author():
            try:
                hidden = taken ^ self._as_reader()._get_taken_ids(is_asked)
            except AccessError:
                hidden = set(partners.ids)
        return {
            partner.id: None if partner.id in hidden else partner.id in taken
            for partner in partners
        }

    def _get_taken_ids(self, is_asked):
        query = self._search_as_author(self._get_criteria_domain() & is_asked)
        return set(query.get_result_ids())

    def _filter_taken(self, partners):
        """Return the contacts that would be members if the segment was applied now."""
        self.ensure_one()
        segment = self.sudo()
        kept = segment._get_kept_domain() & ~segment._get_barred_domain()
        domain = segment._get_target_domain() | kept
        query = segment._search_as_author(domain & Domain('id', 'in', partners.ids))
        return partners & partners.browse(query.get_result_ids())

    def _get_parts(self):
        """Return {name: domain} of what decides about a contact beside the rules."""
        criteria = self._get_population_domain() & self._get_parents_domain()
        return {
            'criteria': criteria if self._has_criteria() else Domain.FALSE,
            'included': self._get_hand_domain('include_partner_ids'),
            'barred': self._get_own_barred_domain(),
        }

    def _get_reader_env(self):
        """Return the environment of the reader in the language, zone and companies that apply."""
        context = self.sudo()._get_author_partners().env.context
        companies = self.sudo()._get_companies() & self.env.user.company_ids
        return self.env(context={**context, 'allowed_company_ids': companies.ids})

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# Writing one of these makes the writer answer for the criteria.
AUTHORED_FIELDS = {
    'company_id',
    'domain',
    'match',
    'mode',
    'roll_up',
    'rule_ids',
    'scope',
}


class CrmSegment(models.Model):
    """The criteria of a segment see what their author may see, whoever applies them."""

    _name = 'crm.segment'
    _inherit = ['crm.author.mixin', 'crm.segment']

    @api.constrains('author_id', 'company_id', 'domain', 'match', 'mode', 'roll_up', 'scope')
    def _check_domain(self):
        """Refuse criteria that do not compile for their author.

        Compiling checks fields, operators and the author's rights on every model of the path.
        """
        for segment in self:
            try:
                segment._get_target_query()
            except (ValueError, TypeError, SyntaxError, KeyError, RecursionError) as error:
                raise ValidationError(
                    self.env._(
                        'The criteria of the segment "%(segment)s" cannot be used: %(reason)s. '
                        'Correct them with the criteria editor.',
                        segment=segment.name,
                        reason=error,
                    )
                ) from error

    @api.model
    def _get_authored_fields(self):
        return super()._get_authored_fields() | AUTHORED_FIELDS

    def _answer_for(self, env):
        """Make the user of an environment, who changed what is measured, the author."""
        if env.su:
            return
        others = self.sudo().exists().filtered(lambda segment: segment.author_id != env.user)
        others.author_id = env.user

    def _check_measured_models(self):
        """Let nobody count what the documents behind the rules would not show them."""
        for metric in (self | self.group_id.segment_ids).sudo().rule_ids.metric_id:
            if metric.model in self.env:
                self.env[metric.model].check_access('read')

    def _as_reader(self):
        """Return an unsaved copy whose criteria see what the user sees, as their author would."""
        self.ensure_one()
        return self.new(origin=self)

    def _is_read_by_author(self):
        return self.env.su or self.env.user == self.sudo().author_id

    def _get_author_partners(self):
        """Return the contacts with the rights, language, time zone and companies that apply."""
        self.ensure_one()
        return self._as_author('res.partner', self._get_companies(), active_test=True)

    def _get_companies(self):
        """Return the companies whose contacts and documents the criteria look at."""
        author = self._get_author()
        if self.company_id:
            return self.sudo().company_id
        if author._is_superuser():
            return author.company_id | author.company_id.search(Domain.TRUE)
        return author.company_id | author.company_ids

    def _get_measure_company(self):
        """Return the company whose currency the rules speak of."""
        self.ensure_one()
        return self._get_companies()[:1]

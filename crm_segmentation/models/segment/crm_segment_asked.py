from odoo import api, models
from odoo.exceptions import ValidationError

from odoo.addons.crm_extended.tools.criteria import parse_criteria

from ...tools.asked import find_asked

# To ask for memberships of no segment in particular is to ask for all.
MEMBERSHIP = 'crm.segment.membership'


class CrmSegment(models.Model):
    """What segments write and criteria ask for again: tags of contacts, and memberships.

    Whoever asks for what another segment writes depends on it, as if it named that segment. What
    asks for what it writes itself would change with every run.
    """

    _inherit = 'crm.segment'

    @api.constrains('category_id', 'domain', 'mode')
    def _check_asks_not_itself(self):
        for segment in self.sudo():
            if segment.category_id and segment.category_id in segment._get_asked_tags():
                raise ValidationError(
                    self.env._(
                        'The segment "%(segment)s" gives its members the tag "%(tag)s", and its '
                        'criteria ask for that tag: who belongs would change with every refresh. '
                        'Take the tag out of the criteria, or choose another tag.',
                        segment=segment.name,
                        tag=segment.category_id.display_name,
                    )
                )
            if segment in segment._get_asked_segments():
                raise ValidationError(
                    self.env._(
                        'The criteria of the segment "%(segment)s" ask for its own members: who '
                        'belongs would change with every refresh. Ask for other segments.',
                        segment=segment.name,
                    )
                )

    def _check_asked(self):
        """Refuse what rules or metrics, which changed, would make of the order."""
        self._check_asks_not_itself()
        self._check_circles()

    def _get_asked_criteria(self):
        """Return [(model name, text)] of what decides who belongs; extended by more criteria."""
        self.ensure_one()
        return [] if self.mode == 'manual' else [('res.partner', self.domain)]

    def _get_asked_tags(self):
        return self._get_asked(self.env['res.partner.category'])

    def _get_asked_segments(self):
        return self._get_asked(self.env['crm.segment'], links=[MEMBERSHIP])

    def _get_asked(self, target, links=()):
        """Return the records of a model that the criteria ask for; archived ones too.

        :param links: as in :func:`~crm_segmentation.tools.asked.find_asked`
        """
        target = target.sudo().with_context(active_test=False)
        asked = target.browse()
        for model_name, text in self._get_asked_criteria():
            try:
                domain, model = parse_criteria(text), target.env[model_name]
                asked |= find_asked(domain, model, target, links)
            except (ValueError, KeyError):
                # What does not compile is told by who compiles it.
                continue
        return asked

from ast import literal_eval

from lxml import etree

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.orm.domains import COLLECTION_TYPES, DomainAnd, DomainCondition

from ...core.recipients import EQUALS, get_only_value
from ...tools.groups import MAILING_USERS
from .crm_segment_recipients import MAILING

CONTACTS = 'res.partner'


class UtmSourceMixin(models.AbstractModel):
    """A mailing to contacts names the segment that it goes to in one field.

    The domain of the recipients is where the segment stands, so whoever belongs when the mailing
    is sent gets it. The mixin is what Email Marketing, which this addon does not need, shares
    with the addons that are always there.
    """

    _inherit = 'utm.source.mixin'

    crm_segment_id = fields.Many2one(
        'crm.segment',
        string='Segment',
        compute='_compute_crm_segment_id',
        inverse='_inverse_crm_segment_id',
        groups=MAILING_USERS,
        domain=[('is_suppression', '=', False)],
        help='Who belongs to the segment when the mailing is sent gets it.',
    )

    @api.depends(lambda self: ('mailing_domain',) if self._name == MAILING else ())
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_crm_segment_id(self):
        for mailing in self:
            ids = mailing._find_crm_segment_ids() if self._name == MAILING else []
            # One that was deleted meanwhile still stands in the domain.
            mailing.crm_segment_id = (
                self.env['crm.segment'].browse(ids).exists()._filtered_access('read')
            )

    def _inverse_crm_segment_id(self):
        for mailing in self.filtered(lambda mailing: mailing._name == MAILING):
            mailing.crm_segment_id.check_access('read')
            mailing.crm_segment_id._check_recipients()
            mailing._put_crm_segment()

    @api.onchange('crm_segment_id')
    def _onchange_crm_segment_id(self):
        self._put_crm_segment()

    def _put_crm_segment(self):
        """Let the domain say what the field says; every other condition stays."""
        ids = self.crm_segment_id.ids
        if ids == self._find_crm_segment_ids():
            return
        domain = self._get_other_conditions()
        if ids:
            domain = self.crm_segment_id._get_recipients_domain() & domain
        self.mailing_domain = repr([] if domain.is_true() else list(domain))

    def _get_other_conditions(self):
        """Return the domain without the segments that it names and their suppression lists."""
        # sudo: who writes the mailing need not read the lists that it leaves out
        lists = self.env['crm.segment'].sudo().search([('is_suppression', '=', True)])
        parts = self._get_conditions()
        return Domain.AND(part for part in parts if not self._names_crm_segment(part, lists))

    def _get_conditions(self):
        """Return the parts of the domain that hold for every recipient."""
        try:
            domain = Domain(literal_eval(self.mailing_domain or '[]'))
        except (ValueError, SyntaxError):
            domain = Domain(self._get_default_mailing_domain() or [])
        return domain.children if isinstance(domain, DomainAnd) else [domain]

    def _names_crm_segment(self, part, lists):
        """Say whether a part of the domain is what the field puts there."""
        if not isinstance(part, DomainCondition) or part.field_expr != 'crm_segment_ids':
            return False
        if part.operator == 'not in' and isinstance(part.value, COLLECTION_TYPES):
            return set(part.value) <= set(lists.ids)
        return part.operator in EQUALS

    def _find_crm_segment_ids(self):
        """Return the id, in a list, of the one segment that every recipient belongs to."""
        if self.mailing_model_real != CONTACTS:
            return []
        parts = [part for part in self._get_conditions() if isinstance(part, DomainCondition)]
        terms = [(part.field_expr, part.operator, part.value) for part in parts]
        return get_only_value(terms, 'crm_segment_ids')

    @api.model
    def _get_view(self, view_id=None, view_type='form', **options):
        """Show the field beside the kind of recipients, without needing the view that has it."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if self._name == MAILING and view_type == 'form':
            for row in arch.xpath("//div[@name='mailing_model_id_container']/div[hasclass('row')]"):
                row.append(self._get_crm_segment_node())
        return arch, view

    def _get_crm_segment_node(self):
        """Return the field as it stands on the form: only where contacts get the mailing."""
        node = etree.Element(
            'div', {'class': 'col-md-auto', 'invisible': f"mailing_model_real != '{CONTACTS}'"}
        )
        etree.SubElement(
            node,
            'field',
            name='crm_segment_id',
            placeholder=self.env._('All members of a segment'),
            options="{'no_create': True}",
            readonly="state in ('sending', 'done')",
        )
        return node

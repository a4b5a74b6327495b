from functools import partial
from random import SystemRandom

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...core.answers import LESS_IS_BETTER
from ...core.cut import DIGITS, get_problem
from ...core.rhythm import get_period

SEEDS = 1_000_000
CUT_FIELDS = (
    'cut',
    'cut_metric_id',
    'cut_months',
    'cut_number',
    'cut_part',
    'cut_parts',
    'cut_percent',
    'cut_seed',
)


class CrmSegment(models.Model):
    """Takes some of the contacts that match: by chance, one of several parts, or the best.

    Each contact has a number by chance, made of its id and a seed, that never changes. A sample
    takes the lowest numbers, so members that come and go move nobody but the last one; a part takes
    those that leave its remainder, so nobody ever moves from one part to another.

    Who is included by hand is taken in any case. Who is excluded or suppressed takes no place.
    """

    _inherit = 'crm.segment'

    cut = fields.Selection(
        [
            ('number', 'A number of contacts by chance'),
            ('percent', 'A percentage by chance'),
            ('part', 'One of several parts'),
            ('top', 'The best by a metric'),
        ],
        string='Take',
        help='Without a choice all contacts that match are taken. By chance: the same seed always '
        'takes the same contacts, as long as they match.',
    )
    cut_number = fields.Integer(string='At Most', default=100, help='Number of contacts.')
    cut_percent = fields.Float(
        string='Percentage', default=10, help='Of the contacts that match, rounded up.'
    )
    cut_part = fields.Integer(string='Part', default=1, help='Which of the parts, from 1 on.')
    cut_parts = fields.Integer(
        string='Of',
        default=2,
        help='Number of parts. Segments with the same criteria, seed and number of parts share no '
        'contact, and together they have all.',
    )
    cut_seed = fields.Integer(
        string='Seed',
        default=lambda self: SystemRandom().randrange(SEEDS),
        help='Another seed takes other contacts. Parts of one whole have the same seed.',
    )
    cut_metric_id = fields.Many2one(
        'crm.segment.metric',
        string='By',
        index='btree_not_null',
        ondelete='restrict',
        domain=[('is_available', '=', True)],
        help='The highest values come first, or the fewest days; of equals the lowest id. Who has '
        'no documents is not taken.',
    )
    cut_months = fields.Integer(
        string='Months', help='Only documents of the last so many months count; 0 for all.'
    )

    @api.constrains(*CUT_FIELDS)
    def _check_cut(self):
        for segment in self:
            numbers = segment.cut_number, segment.cut_percent, segment.cut_part, segment.cut_parts
            if get_problem(segment.cut or None, *numbers) or segment.cut_months < 0:
                raise ValidationError(
                    self.env._(
                        'The segment "%(segment)s" cannot take so many contacts: a number is '
                        'positive, a percentage at most 100, a part at most the number of parts.',
                        segment=segment.name,
                    )
                )
            if segment.cut == 'top' and not segment.cut_metric_id:
                raise ValidationError(
                    self.env._(
                        'The segment "%(segment)s" takes the best by a metric: choose the metric.',
                        segment=segment.name,
                    )
                )
        self._check_domain()
        self._check_asked()

    @api.model
    def _get_authored_fields(self):
        return super()._get_authored_fields() | set(CUT_FIELDS)

    def _get_metrics(self):
        return super()._get_metrics() | self._get_cut_metric()

    def _get_cut_metric(self):
        return self.filtered(lambda segment: segment.cut == 'top').cut_metric_id

    # === SQL === #

    def _get_criteria_domain(self, partners=None):
        if not self._has_cut():
            return super()._get_criteria_domain(partners)
        # Who comes before a contact decides about it: whoever matters, all are looked at.
        whole = super()._get_criteria_domain() & self._get_company_domain()
        if whole.is_false():
            return whole
        return Domain.custom(
            to_sql=partial(self._get_cut_condition, whole & ~self._get_never_domain())
        )

    def _has_cut(self):
        """Say whether anything is left out; who is still choosing a metric leaves out nobody."""
        return bool(self.cut) and (self.cut != 'top' or bool(self.cut_metric_id))

    def _get_cut_condition(self, whole, _model, alias, _query):
        whole = self._search_as_author(whole).subselect()
        return SQL('%s IN %s', SQL.identifier(alias, 'id'), self._get_cut_sql(whole))

    def _get_cut_sql(self, whole, is_exact=False):
        """Return the sub-query of the ids that are taken.

        :param whole: sub-query of the ids of all that match
        :param is_exact: make parts of the same size, where nobody comes or goes any more
        """
        self.ensure_one()
        if self.cut == 'part' and not is_exact:
            return SQL(
                '(SELECT contact.id FROM %s AS contact (id) WHERE %s %% %s = %s)',
                whole,
                self._get_chance_sql(),
                self.cut_parts,
                self.cut_part - 1,
            )
        ranked = self._get_best_sql(whole) if self.cut == 'top' else self._get_drawn_sql(whole)
        return SQL(
            '(SELECT ranked.id FROM %s AS ranked WHERE %s)', ranked, self._get_place_condition()
        )

    def _get_place_condition(self):
        if self.cut == 'percent':
            return SQL('place <= ceil(population * %s::numeric / 100)', self.cut_percent)
        if self.cut == 'part':
            return SQL('(place - 1) %% %s = %s', self.cut_parts, self.cut_part - 1)
        return SQL('place <= %s', self.cut_number)

    def _get_drawn_sql(self, whole):
        return SQL(
            """(SELECT contact.id, row_number() OVER (ORDER BY %s, contact.id) AS place,
                       count(*) OVER () AS population
                  FROM %s AS contact (id))""",
            self._get_chance_sql(),
            whole,
        )

    def _get_chance_sql(self):
        """Return the number by chance of a `contact`: of its id and the seed, on every database."""
        return SQL(
            "('x0' || left(md5(contact.id::text || ':' || %s), %s))::bit(64)::bigint",
            str(self.cut_seed),
            DIGITS,
        )

    def _get_best_sql(self, whole):
        metric = self.cut_metric_id.sudo()
        is_less_better = metric.aggregate in LESS_IS_BETTER
        return SQL(
            """(SELECT contact.id,
                       row_number() OVER (ORDER BY measured.value %(direction)s, contact.id)
                       AS place
                  FROM %(whole)s AS contact (id)
                  JOIN res_partner partner ON partner.id = contact.id
                  JOIN %(measure)s AS measured ON measured.partner_id = partner.%(measured)s
                 WHERE measured.value IS NOT NULL)""",
            direction=SQL('ASC') if is_less_better else SQL('DESC'),
            whole=whole,
            measure=metric._get_measure_sql(
                self._get_author_partners().env,
                self._get_measure_company(),
                period=get_period(self.cut_months, 'month') if self.cut_months else None,
                roll_up=self.roll_up,
            ),
            measured=SQL.identifier(self._get_measured_column()),
        )


class CrmSegmentMetric(models.Model):
    """A metric is used by segments that take the best by it, as by rules."""

    _inherit = 'crm.segment.metric'

    def _get_users(self):
        best = Domain('cut', '=', 'top') & Domain('cut_metric_id', 'in', self.ids)
        segments = self.env['crm.segment'].sudo().with_context(active_test=False)
        return super()._get_users() | segments.search(best)

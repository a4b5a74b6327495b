from odoo import Command, api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import table_columns

from odoo.addons.crm_extended.tools.criteria import parse_criteria

from ..core.classic import ClassicLine, get_match, is_mixed

CLASSIC = 'crm_segmentation'
CLASSIC_LINE = 'crm_segmentation_line'
MAILING_FILTER = 'mailing_filter'
# Amounts of the classic lines; nothing that Odoo ships measures purchases.
CLASSIC_METRICS = {'sale': 'crm_segmentation.metric_invoiced_amount'}


class CrmSegmentImport(models.TransientModel):
    """Turns classic segmentations and saved mailing filters of this database into segments.

    Each source leaves its origin on the segment that it became, so it is imported once.
    """

    _name = 'crm.segment.import'
    _description = 'Import Segments'

    line_ids = fields.One2many(
        'crm.segment.import.line',
        'import_id',
        string='Found',
        default=lambda self: self._default_line_ids(),
    )

    def _default_line_ids(self):
        found = self._find_sources()
        imported = self._get_imported(found)
        return [
            Command.create(
                {
                    'origin': source['origin'],
                    'name': source['name'],
                    'source': source['source'],
                    'problem': source['problem'],
                    'segment_id': imported.get(source['origin'], self.env['crm.segment']).id,
                    'selected': not source['problem'] and source['origin'] not in imported,
                }
            )
            for source in found
        ]

    def action_import(self):
        """Create the segments of the selected lines; they wait to be previewed and applied."""
        self.ensure_one()
        self.check_access('write')
        selected = set(self.line_ids.filtered('selected').mapped('origin'))
        found = self._find_sources()
        imported = self._get_imported(found)
        segments = self.env['crm.segment'].create(
            [
                {**source['segment_values'], 'origin': source['origin']}
                for source in found
                if source['origin'] in selected - imported.keys() and not source['problem']
            ]
        )
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_segmentation.crm_segment_action'
        )
        action['domain'] = [('id', 'in', segments.ids)]
        return action

    def _get_imported(self, found):
        """Return {origin: segment} of the sources that were imported before."""
        segments = self.env['crm.segment'].sudo().with_context(active_test=False)
        origins = [source['origin'] for source in found]
        return segments.search([('origin', 'in', origins)]).grouped('origin')

    # === SOURCES === #

    @api.model
    def _find_sources(self):
        """Return what was found as dictionaries; extended by who knows further sources.

        :return: list of `origin, name, source`, `problem` (why it cannot be translated) and
            `segment_values` (of the segment that it becomes)
        """
        return self._find_classic() + self._find_mailing_filters()

    def _find_classic(self):
        if 'categ_id' not in table_columns(self.env.cr, CLASSIC):
            return []
        lines = {}
        for line in self._read_table(
            CLASSIC_LINE, ['categ_id', 'expr_name', 'expr_operator', 'expr_value', 'operator']
        ):
            lines.setdefault(line['categ_id'], []).append(self._read_classic_line(line))
        return [
            {
                'origin': f'{CLASSIC},{row["id"]}',
                'name': row['name'],
                'source': 'classic',
                'problem': self._get_classic_problem(row, lines.get(row['id'], [])),
                'segment_values': self._prepare_classic_values(row, lines.get(row['id'], [])),
            }
            for row in self._read_table(
                CLASSIC,
                ['name', 'categ_id', 'exclusif', 'sales_purchase_active', 'profiling_active'],
            )
        ]

    def _read_classic_line(self, row):
        return ClassicLine(
            subject=row['expr_name'],
            comparison=row['expr_operator'],
            value=row['expr_value'] or 0,
            is_optional=row['operator'] == 'or',
        )

    def _find_mailing_filters(self):
        rows = self._read_table(MAILING_FILTER, ['name', 'mailing_domain', 'mailing_model_id'])
        return [
            {
                'origin': f'{MAILING_FILTER},{row["id"]}',
                'name': row['name'],
                'source': 'mailing_filter',
                'problem': self._get_filter_problem(row),
                'segment_values': {
                    **self._prepare_segment_values(row),
                    'domain': row['mailing_domain'],
                },
            }
            for row in rows
        ]

    def _read_table(self, table, columns):
        """Return the rows of a table as dictionaries, with None for columns that it lacks."""
        known = table_columns(self.env.cr, table)
        if not known:
            return []
        selected = SQL(', ').join(
            SQL.identifier(column) if column in known else SQL('NULL AS %s', SQL.identifier(column))
            for column in ['id', *columns]
        )
        return self.env.execute_query_dict(
            SQL('SELECT %s FROM %s ORDER BY id', selected, SQL.identifier(table))
        )

    # === TRANSLATION === #

    def _prepare_segment_values(self, row):
        return {'name': row['name'], 'next_refresh': False}

    def _prepare_classic_values(self, row, lines):
        """Exclusive segmentations took the tag away from who did not match, others never did."""
        category = self.env['res.partner.category'].browse(row['categ_id'] or []).exists()
        return {
            **self._prepare_segment_values(row),
            'category_id': category.id,
            'mode': 'dynamic' if row['exclusif'] else 'additive',
            'roll_up': True,
            'domain': '[]',
            'match': get_match(lines),
            'rule_ids': [
                Command.create(self._prepare_rule_values(line))
                for line in lines
                if line.subject in CLASSIC_METRICS
            ],
        }

    def _prepare_rule_values(self, line):
        metric = self.env.ref(CLASSIC_METRICS[line.subject])
        return {'metric_id': metric.id, 'operator': line.comparison, 'value': line.value}

    def _get_classic_problem(self, row, lines):
        """Return why a segmentation cannot be translated."""
        if row['profiling_active']:
            return self.env._('It asks for answers of a questionnaire, which Odoo has no more.')
        if not row['sales_purchase_active'] or not lines:
            return self.env._('It has no criteria and would take everybody.')
        if any(line.subject not in CLASSIC_METRICS for line in lines):
            return self.env._(
                'It looks at purchases, for which there is no metric. Create one and the segment '
                'by hand.'
            )
        if is_mixed(lines):
            return self.env._(
                'It mixes mandatory lines with several optional ones. Create a segment for the '
                'optional lines and use it in another.'
            )
        if not self.env.ref(CLASSIC_METRICS['sale']).is_available:
            return self.env._('It looks at invoices, and Invoicing is not installed.')
        return False

    def _get_filter_problem(self, row):
        """Return why a mailing filter cannot be translated."""
        model = self.env['ir.model'].sudo().browse(row['mailing_model_id']).exists()
        if model.model != 'res.partner':
            return self.env._('It is about %(model)s, not about contacts.', model=model.name)
        try:
            self.env['res.partner']._search(parse_criteria(row['mailing_domain']))
        except (ValueError, TypeError, SyntaxError, KeyError) as error:
            return self.env._('Its domain does not work any more: %(reason)s', reason=error)
        return False

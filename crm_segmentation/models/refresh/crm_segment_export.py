import io

import xlsxwriter
from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.orm.models import fix_import_export_id_paths

from ..answers.crm_segment_members import EXPORTED_FIELDS
from ..segment.reasons import say_reason

EXPORTERS = 'base.group_allow_export'
XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
# A mail grows by so much when its files are written as text.
MAIL_GROWTH = 1.4


class CrmSegmentExport(models.Model):
    """Mails the members of a segment to users, as a spreadsheet, every week or month.

    A file holds the contacts and columns that both its author and who gets it may read at that
    time, so it tells nobody more than their own screen.
    """

    _name = 'crm.segment.export'
    _description = 'Segment Export by Mail'
    _inherit = ['crm.author.mixin', 'crm.program.mixin', 'crm.linked.mixin', 'crm.batch.mixin']
    _parent_link = 'segment_id'
    _order = 'segment_id, id'
    _rec_name = 'segment_id'

    segment_id = fields.Many2one('crm.segment', required=True, index=True, ondelete='cascade')
    author_id = fields.Many2one(
        string='With the Rights of',
        help='Who set the export up. It holds only what this user may see when it is sent.',
    )
    user_ids = fields.Many2many(
        'res.users',
        string='Recipients',
        required=True,
        domain=[('share', '=', False)],
        help='Who may not read the segment or export contacts gets nothing.',
    )
    template_id = fields.Many2one(
        'ir.exports',
        string='Columns',
        ondelete='set null',
        domain=[('resource', '=', 'res.partner')],
        help='A choice of columns that was saved while exporting contacts. Without one the file '
        'has the name, the company, the address and the salesperson.',
    )
    unit = fields.Selection(
        [('weeks', 'Weekly'), ('months', 'Monthly')],
        string='Rhythm',
        default='weeks',
        required=True,
        help='How often the members are mailed.',
    )
    next_date = fields.Date(
        string='Next On',
        required=True,
        default=fields.Date.context_today,
        help='Day on which the members are mailed next.',
    )
    last_date = fields.Date(
        string='Last On', readonly=True, copy=False, help='Day on which they were mailed last.'
    )
    problem = fields.Text(
        readonly=True, copy=False, help='Why nobody, or not everybody, got the last one.'
    )

    @api.model
    def _get_program_fields(self):
        """Whoever writes the author becomes the author."""
        return super()._get_program_fields() - {'author_id'}

    @api.model
    def _get_authored_fields(self):
        return super()._get_authored_fields() | {'segment_id', 'template_id', 'user_ids'}

    # === SENDING === #

    @api.model
    def _cron_send(self):
        """Mail what is due, each export in a transaction of its own; what fails says why."""
        due = (
            Domain('next_date', '<=', fields.Date.today())
            & Domain('segment_id.active', '=', True)
            & Domain('segment_id.state', '=', 'active')
        )
        self._run_in_batches(due, lambda some: some._send(), size=1, give_up=self._give_up_sending)

    def _send(self):
        for export in self:
            export._send_to_readers()

    def _send_to_readers(self):
        users = self.user_ids.filtered(lambda user: user.active and user.email)
        self._check_author()
        readers = users.filtered(self._may_get)
        problems = []
        if missing := (self.user_ids - readers).mapped('name'):
            problems.append(
                self.env._(
                    'Not sent to %(users)s: they have no e-mail address, or may not read the '
                    'segment or export contacts.',
                    users=missing,
                )
            )

        def note(user, error):
            problems.append(f'{user.name}: {say_reason(self.env, error)}')

        # Each alone: who may not read what the file needs stops nobody else.
        sent = [self._run_within(user, self._send_to, give_up=note) for user in readers]
        self._note_sending('\n'.join(problems), is_sent=any(sent))

    def _give_up_sending(self, export, error):
        export._note_sending(say_reason(self.env, error), is_sent=False)

    def _note_sending(self, problem, is_sent):
        """Keep what happened; what nobody got stays due, and is tried again by the next run."""
        values = {'problem': problem or False}
        if is_sent:
            today = fields.Date.today()
            step = relativedelta(**{self.unit: 1})
            following = self.next_date + step
            values['last_date'] = today
            values['next_date'] = following if following > today else today + step
        self.write(values)

    def _check_author(self):
        """Refuse to send with the rights of who has none any more.

        :raise UserError: if the author may not export any more
        """
        author = self._get_author()
        if not (author.active and self._may_get(author)):
            raise UserError(
                self.env._(
                    '%(author)s, with whose rights the export is made, may not read the segment '
                    'or export contacts any more.',
                    author=author.name,
                )
            )

    def _may_get(self, user):
        """Say whether a user may read the segment and export contacts."""
        may_read = self.segment_id.with_user(user).has_access('read')
        return may_read and user.has_group(EXPORTERS)

    def _send_to(self, user):
        env = self.with_context(lang=user.lang).env
        name = self.segment_id.with_env(env).name
        values = {
            'subject': env._('Members of "%(segment)s"', segment=name),
            'email_from': user.company_id.email_formatted or user.email_formatted,
            'email_to': user.email_formatted,
            'auto_delete': True,
            'state': 'outgoing',
        }
        columns, hidden = self._get_columns(user)
        raw = self._make_file(user, columns)
        limit = env['ir.mail_server'].sudo()._get_max_email_size() * 1024 * 1024
        is_small = len(raw) * MAIL_GROWTH < limit
        content = self._prepare_file(env, name, raw) if is_small else self._prepare_link(env, name)
        if is_small and hidden:
            text = env._('Columns left out, as they may not be read: %(columns)s', columns=hidden)
            content['body_html'] += Markup('<p>%s</p>') % text
        env['mail.mail'].sudo().create({**values, **content})

    def _prepare_file(self, env, name, raw):
        text = env._('The members of "%(segment)s" are attached.', segment=name)
        # Of the message, so that it goes with it.
        file = {'name': f'{name}.xlsx', 'raw': raw, 'mimetype': XLSX, 'res_model': 'mail.message'}
        return {
            'body_html': Markup('<p>%s</p>') % text,
            'attachment_ids': [Command.create(file)],
        }

    def _prepare_link(self, env, name):
        """Return the link to the segment: whoever follows it exports with the own rights."""
        text = env._('The members of "%(segment)s" are too many for a mail:', segment=name)
        url = f'{self.get_base_url()}/odoo/crm-segments/{self.segment_id.id}'
        link = Markup('<p>%s <a href="%s">%s</a></p>')
        return {'body_html': link % (text, url, env._('export them from the segment'))}

    # === THE FILE === #

    def _make_file(self, user, columns):
        """Return the spreadsheet of what the author and a user may both read."""
        rows = self._get_partners(user).export_data(list(columns))['datas']
        output = io.BytesIO()
        plain = {'strings_to_formulas': False, 'strings_to_urls': False, 'in_memory': True}
        with xlsxwriter.Workbook(output, plain) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, columns.values(), book.add_format({'bold': True}))
            for number, row in enumerate(rows, start=1):
                sheet.write_row(number, 0, [self._to_cell(value) for value in row])
        return output.getvalue()

    def _to_cell(self, value):
        return value if isinstance(value, int | float) and value is not False else str(value or '')

    def _get_partners(self, user):
        """Return the members that the author may read, as a user may read them."""
        author = self._get_author()
        members = self.segment_id._get_membership_domain()
        companies = self.segment_id.company_id or author.company_ids
        known = self._as_author('res.partner', companies, active_test=False).search(members)
        reader = known.with_user(user).with_context(
            lang=user.lang,
            tz=user.tz,
            allowed_company_ids=(companies & user.company_ids or user.company_id).ids,
        )
        return reader._filtered_access('read')

    def _get_columns(self, user):
        """Return {path: label} of what the author and a user may both read, and other labels."""
        # sudo: a saved choice of columns belongs to who saved it, and its names are no secret
        paths = self.template_id.sudo().export_fields.mapped('name') or EXPORTED_FIELDS
        partners = self.env['res.partner'].with_context(lang=user.lang)
        known = partners.sudo().fields_get(attributes=['string'])
        author = self._get_author()
        columns, hidden = {}, []
        for path in paths:
            names = fix_import_export_id_paths(path)
            label = known.get(names[0].lstrip('.'), {}).get('string', path)
            if all(self._may_read_path(partners.with_user(one), names) for one in (user, author)):
                columns[path] = label
            else:
                hidden.append(label)
        return columns, hidden

    def _may_read_path(self, records, names):
        """Say whether every field on a path may be read, on every model that it leads through."""
        for name in names:
            # A property is a part of its field, the number of a record one of itself.
            field = records._fields.get(name.lstrip('.').split('.')[0])
            if field is None or not records.has_access('read'):
                return False
            if not records._has_field_access(field, 'read'):
                return False
            records = records.env[field.comodel_name] if field.relational else records.browse()
        return records.has_access('read')


class CrmSegment(models.Model):
    """The exports of a segment, for who sets them up."""

    _inherit = 'crm.segment'

    export_ids = fields.One2many(
        'crm.segment.export',
        'segment_id',
        string='Exports by Mail',
        groups='crm_segmentation.crm_segmentation_group_definer',
        help='Who gets the members as a spreadsheet, and how often.',
    )

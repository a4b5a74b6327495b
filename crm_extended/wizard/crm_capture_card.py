from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..core.text import cut_list
from ..core.vcard import read_cards
from ..tools.numbers import format_size

MAX_FILE = 10 * 1024 * 1024
# Leads that are made at once; more would keep the salesperson waiting too long.
MAX_CARDS = 1_000
ABANDONED_AFTER = timedelta(days=1)
VACUUM_LIMIT = 1_000


class CrmCaptureCard(models.TransientModel):
    """Make leads of business cards: upload, check, import."""

    _name = 'crm.capture.card'
    _description = 'Business Card Import'
    _inherit = ['crm.linked.mixin', 'crm.turn.mixin']
    _check_company_auto = True

    # === DEFAULTS === #

    def _default_lead_type(self):
        return 'lead' if self.env.user.has_group('crm.group_use_lead') else 'opportunity'

    def _default_medium_id(self):
        return self.env.ref('utm.utm_medium_direct', raise_if_not_found=False)

    def _default_team_id(self):
        return self.env['crm.team']._get_default_team_id(user_id=self.env.uid)

    # === FIELDS === #

    state = fields.Selection(
        selection=[('upload', 'Files'), ('check', 'Check'), ('done', 'Imported')],
        required=True,
        readonly=True,
        default='upload',
    )
    attachment_ids = fields.Many2many(
        comodel_name='ir.attachment',
        string='Choose Files',
        help='Business cards, one or many in a file, as phones and mail programs give them (.vcf, '
        '.json), or the text of a QR code (.txt).',
    )
    line_ids = fields.One2many(
        comodel_name='crm.capture.card.line',
        inverse_name='wizard_id',
        string='Cards',
    )
    card_count = fields.Integer(compute='_compute_counts')
    selected_count = fields.Integer(compute='_compute_counts')
    # What the leads get
    lead_type = fields.Selection(
        selection=[('lead', 'Leads'), ('opportunity', 'Opportunities')],
        string='Create',
        required=True,
        default=lambda self: self._default_lead_type(),
    )
    company_id = fields.Many2one(
        comodel_name='res.company',
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        comodel_name='res.users',
        string='Salesperson',
        check_company=True,
        domain=[('share', '=', False)],
        default=lambda self: self.env.user,
    )
    team_id = fields.Many2one(
        comodel_name='crm.team',
        string='Sales Team',
        check_company=True,
        default=lambda self: self._default_team_id(),
    )
    medium_id = fields.Many2one(
        comodel_name='utm.medium',
        string='Channel',
        default=lambda self: self._default_medium_id(),
    )
    campaign_id = fields.Many2one(comodel_name='utm.campaign')
    source_id = fields.Many2one(comodel_name='utm.source')

    @api.depends('line_ids.is_selected')
    def _compute_counts(self):
        for wizard in self:
            wizard.card_count = len(wizard.line_ids)
            wizard.selected_count = len(wizard.line_ids.filtered('is_selected'))

    @api.depends('state')
    def _compute_display_name(self):
        self.display_name = self.env._('Import Business Cards')

    # === ACTIONS === #

    def action_read(self):
        """Read the files and show what each card would become.

        :raise UserError: no file was chosen, or the cards are imported already
        """
        self.ensure_one()
        self._check_not_done()
        if not self.attachment_ids:
            raise UserError(self.env._('Choose at least one file with business cards (.vcf).'))
        lines = self.line_ids._prepare_lines(self._read_files())
        self.write(
            {
                'line_ids': [Command.clear(), *map(Command.create, lines)],
                'state': 'check',
            }
        )
        self._keep_uploads()
        return True

    def action_back(self):
        """Choose other files."""
        self.ensure_one()
        self._check_not_done()
        self.state = 'upload'
        return True

    def action_import(self):
        """Create the leads of the cards that are ticked, and open them.

        :raise UserError: no card is ticked, or the cards are imported already
        """
        self.ensure_one()
        self._take_turn()
        self._check_not_done()
        lines = self.line_ids.filtered('is_selected')
        if not lines:
            raise UserError(self.env._('Tick at least one card to import.'))
        leads = lines._create_leads()
        self.state = 'done'
        return self._get_leads_action(leads)

    # === BUSINESS === #

    def _check_not_done(self):
        if self.state == 'done':
            raise UserError(self.env._('These cards are imported already. Start a new import.'))

    def _keep_uploads(self):
        """Let the files that were uploaded for the import go when it goes."""
        uploads = self.attachment_ids.filtered(
            lambda file: file.res_model == self._name and not file.res_id
        )
        uploads.res_id = self.id

    @api.autovacuum
    def _gc_uploads(self):
        """Forget files that were uploaded and never read."""
        limit_date = fields.Datetime.now() - ABANDONED_AFTER
        files = self.env['ir.attachment'].search(
            [
                ('res_model', '=', self._name),
                ('res_id', '=', 0),
                ('create_date', '<', limit_date),
            ],
            limit=VACUUM_LIMIT,
        )
        files.unlink()
        return len(files), len(files) == VACUUM_LIMIT

    def _read_files(self):
        """Return ``(origin, card or None, problem or '')`` for each card and each bad file."""
        found = []
        for attachment in self.attachment_ids:
            problem = self._get_file_problem(attachment)
            cards = [] if problem else list(read_cards(attachment.raw))
            if not cards:
                problem = problem or self.env._('This is not a business card file (vCard).')
                found.append((attachment.name, None, problem))
            for number, card in enumerate(cards, start=1):
                origin = attachment.name
                if len(cards) > 1:
                    origin = self.env._('%(file)s, card %(number)s', file=origin, number=number)
                found.append((origin, card, self._get_card_problem(card)))
        return self._cut_short(found)

    def _get_file_problem(self, attachment):
        if not attachment.file_size:
            return self.env._('The file is empty.')
        if attachment.file_size > MAX_FILE:
            return self.env._(
                'The file is too large: %(size)s of at most %(limit)s. '
                'Export the cards without pictures, or in several files.',
                size=format_size(self.env, attachment.file_size),
                limit=format_size(self.env, MAX_FILE),
            )
        return ''

    def _get_card_problem(self, card):
        if card.is_damaged:
            damaged = self.env._('The card is damaged and cannot be read.')
            return f'{damaged} {self.line_ids._describe_left_out(card)}'
        if card.is_empty:
            return self.env._('The card has no name, no e-mail address and no phone number.')
        return ''

    def _cut_short(self, found):
        found, rest = cut_list(found, MAX_CARDS)
        if not rest:
            return found
        problem = self.env._(
            'At most %(limit)s cards are imported at once. Import the rest from a file of its own.',
            limit=MAX_CARDS,
        )
        left_out = self.env._('%(number)s more cards', number=rest)
        return [*found, (left_out, None, problem)]

    def _prepare_lead_values(self):
        """Return what all leads of the import have in common; open to more."""
        self.ensure_one()
        stage = self.env['crm.lead']._stage_find(
            team_id=self.team_id.id,
            domain=[('fold', '=', False)],
        )
        return {
            'type': self.lead_type,
            'stage_id': stage.id,
            'company_id': self.company_id.id,
            'user_id': self.user_id.id,
            'team_id': self.team_id.id,
            'medium_id': self.medium_id.id,
            'campaign_id': self.campaign_id.id,
            'source_id': self.source_id.id,
        }

    def _get_leads_action(self, leads):
        is_lead = self.lead_type == 'lead'
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm.crm_lead_all_leads' if is_lead else 'crm.crm_lead_opportunities'
        )
        action['name'] = self.env._('Imported Business Cards')
        action['domain'] = [('id', 'in', leads.ids)]
        action['context'] = {'create': False}
        action['target'] = 'main'
        return action

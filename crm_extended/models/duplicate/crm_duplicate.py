from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

# How many contacts a user has to see of a group, to see the group.
_SEEN_AT_LEAST = {'open': 2, 'distinct': 2, 'merged': 1}


class CrmDuplicate(models.Model):
    """Contacts that may be the same, until somebody says whether they are.

    Everybody sees a group with the contacts that he may see, and none of which he may see only one.
    """

    _name = 'crm.duplicate'
    _description = 'Duplicate Contacts'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin', 'crm.turn.mixin', 'crm.batch.mixin']
    _order = 'strength desc, id desc'
    _turn_fields = frozenset({'state'})

    partner_ids = fields.Many2many(
        comodel_name='res.partner',
        relation='crm_duplicate_res_partner_rel',
        column1='duplicate_id',
        column2='partner_id',
        string='Contacts',
        context={'active_test': False},
        readonly=True,
    )
    reason = fields.Selection(
        selection=[
            ('vat', 'Tax number'),
            ('email', 'E-mail'),
            ('phone', 'Phone and name'),
            ('name', 'Name'),
        ],
        readonly=True,
        required=True,
        help='The strongest of what the contacts have in common.',
    )
    reasons = fields.Json(
        readonly=True,
        groups='base.group_system',
        help='All that the contacts have in common, the strongest first: what, and the ids of who.',
    )
    strength = fields.Integer(
        readonly=True,
        aggregator=None,
        index=True,
        help='How strong the reasons are, from 40 (name) to 95 (all of them).',
    )
    state = fields.Selection(
        selection=[('open', 'To Decide'), ('merged', 'Merged'), ('distinct', 'Not the Same')],
        string='Status',
        required=True,
        readonly=True,
        index=True,
        default='open',
    )
    refusal = fields.Char(
        string='Refused Because',
        readonly=True,
        help='Why the last attempt to merge the contacts was refused.',
    )
    merge_ids = fields.One2many(
        comodel_name='crm.duplicate.merge',
        inverse_name='duplicate_id',
        string='Merges',
        readonly=True,
    )
    contact_count = fields.Integer(string='Number of Contacts', compute='_compute_contacts')
    explanation = fields.Char(
        compute='_compute_contacts', help='What those of the contacts share that you may see.'
    )
    is_visible = fields.Boolean(
        compute='_compute_is_visible',
        search='_search_is_visible',
        help='Whether the user may see enough contacts to see that they are there twice.',
    )

    # === WHO SEES WHAT === #

    @api.depends('partner_ids')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_display_name(self):
        contacts = self._get_visible_contacts()
        for duplicate in self:
            names = contacts[duplicate.id].mapped('name')
            duplicate.display_name = ', '.join(dict.fromkeys(filter(None, names)))

    @api.depends('partner_ids', 'reasons')
    @api.depends_context('uid', 'allowed_company_ids', 'lang')
    def _compute_contacts(self):
        contacts = self._get_visible_contacts()
        for duplicate in self:
            duplicate.contact_count = len(contacts[duplicate.id])
            duplicate.explanation = duplicate._explain(contacts[duplicate.id])

    @api.depends('partner_ids', 'state')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_is_visible(self):
        contacts = self.sudo(False)._get_visible_contacts()
        for duplicate in self:
            seen = len(contacts[duplicate.id])
            duplicate.is_visible = seen >= _SEEN_AT_LEAST[duplicate.state]

    @api.model
    def _search_is_visible(self, operator, value):
        if operator != 'in':
            return NotImplemented
        seen = self._get_partners().sudo(False)._search([])
        groups = SQL(
            """SELECT rel.duplicate_id
                 FROM crm_duplicate_res_partner_rel AS rel
                 JOIN crm_duplicate AS duplicate ON duplicate.id = rel.duplicate_id
                WHERE rel.partner_id IN %s
             GROUP BY rel.duplicate_id, duplicate.state
               HAVING COUNT(*) >= CASE WHEN duplicate.state = 'merged' THEN %s ELSE %s END""",
            seen.subselect(),
            _SEEN_AT_LEAST['merged'],
            _SEEN_AT_LEAST['open'],
        )
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                '%s IN (%s)', SQL.identifier(alias, 'id'), groups
            )
        )

    def _get_visible(self):
        """Return the contacts of one group that the user may see."""
        self.ensure_one()
        return self._get_visible_contacts()[self.id]

    def _get_visible_contacts(self):
        """Return ``{id of a group: contacts that the user may see}``.

        Past the cache of the field, which does not know for whom it was read.
        """
        members = self._get_member_ids()
        everybody = set().union(*members.values())
        seen = set(self._get_partners().search([('id', 'in', list(everybody))])._ids)
        return defaultdict(
            self.env['res.partner'].browse,
            {
                id_: self.env['res.partner'].browse(sorted(ids & seen))
                for id_, ids in members.items()
            },
        )

    def _get_member_ids(self):
        """Return ``{id of a group: ids of all its contacts}``, whoever may see them."""
        self.flush_recordset(['partner_ids'])
        rows = self.env.execute_query(
            SQL(
                """SELECT duplicate_id, partner_id FROM crm_duplicate_res_partner_rel
                    WHERE duplicate_id = ANY(%s)""",
                self.ids,
            )
        )
        members = defaultdict(set)
        for id_, partner_id in rows:
            members[id_].add(partner_id)
        return members

    def _get_all_member_ids(self):
        return set().union(*self._get_member_ids().values())

    @api.model
    def _get_partners(self):
        return self.env['res.partner'].with_context(active_test=False)

    def _explain(self, contacts):
        """Return what some of the contacts have in common, in words."""
        labels = dict(self._fields['reason']._description_selection(self.env))
        texts = []
        # sudo: the ids of who shares what, compared with those that are seen
        for kind, ids in self.sudo().reasons or ():
            sharing = contacts.filtered(lambda contact, ids=ids: contact.id in ids)
            if len(sharing) > 1:
                texts.append(f'{labels[kind]}: {self._get_shared_text(kind, sharing)}')
        return '; '.join(texts)

    @api.model
    def _get_shared_text(self, kind, contacts):
        name = {'vat': 'vat', 'phone': 'phone', 'email': 'email_normalized', 'name': 'name'}[kind]
        return ', '.join(sorted(set(filter(None, contacts.mapped(name)))))

    # === ACTIONS === #

    def action_merge(self):
        """Merge the contacts of each group into its oldest; see the preview to choose.

        Only the contacts that the user may see. A group that Odoo refuses to merge stays as it
        was and says why, while the others are merged; a single one is refused with a UserError.

        :return: the action that tells what came of it
        """
        self._check_open()
        if len(self) == 1:
            self._merge()
        else:
            self._run_within(self, lambda groups: [group._merge() for group in groups], _refuse)
        return self._get_outcome_action()

    def action_preview_merge(self):
        """Open the dialog that shows what the merge will do, and lets the user choose."""
        self.ensure_one()
        self._check_open()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._('Merge Contacts'),
            'res_model': 'crm.duplicate.merging',
            'view_mode': 'form',
            'target': 'new',
            'context': {'default_duplicate_id': self.id},
        }

    def action_distinct(self):
        """Remember that the contacts are not the same: they are never proposed together again.

        The contacts that the user may not see are compared anew without the others.
        """
        self._check_open()
        self.env['crm.duplicate.contact'].sudo()._forget(self._get_all_member_ids())
        for duplicate in self:
            # sudo: the program writes what the user decided
            duplicate.sudo().write(
                {
                    'state': 'distinct',
                    'refusal': False,
                    'partner_ids': [Command.set(duplicate._get_visible().ids)],
                }
            )
        return True

    def action_reopen(self):
        """Propose contacts again that were said not to be the same."""
        self.check_access('write')
        distinct = self.filtered(lambda duplicate: duplicate.state == 'distinct')
        self.env['crm.duplicate.contact'].sudo()._forget(distinct._get_all_member_ids())
        # sudo: the program writes what the user decided
        distinct.sudo().write({'state': 'open'})
        return True

    def action_undo_merge(self):
        """Undo the merges of the groups: their contacts are back and can be decided on again.

        Refused with a UserError where there is none, and where a later one has to be undone before.
        """
        self.check_access('write')
        merges = self.merge_ids.filtered(lambda merge: merge.state == 'done')
        if not merges:
            raise UserError(self.env._('There is no merge to undo.'))
        return merges.action_undo()

    def action_find(self):
        """Look for duplicates now, in the background."""
        self.env['crm.duplicate'].check_access('write')
        # sudo: scheduled actions belong to administrators
        self.env.ref('crm_extended.ir_cron_find_duplicates').sudo()._trigger()
        return self._get_notification(
            self.env._('Contacts are being compared. Reload the list in a moment.')
        )

    # === BUSINESS === #

    def _check_open(self):
        self.check_access('write')
        self._take_turn()
        if decided := self.filtered(lambda duplicate: duplicate.state != 'open'):
            raise UserError(
                self.env._(
                    'This was decided before: %(groups)s', groups=decided.mapped('display_name')
                )
            )

    def _merge(self, survivor=None, choice=None):
        """Merge the contacts that the user may see.

        :param survivor: the contact that stays; the oldest, or the one with a user, if None
        :param choice: ``{field: contact of which the value stays}``
        """
        self.ensure_one()
        contacts = self._get_visible()
        if len(contacts) < 2:
            raise UserError(
                self.env._(
                    'There is nothing to merge any more: of these contacts only one is left.'
                )
            )
        survivor = survivor or contacts._get_crm_merge_survivor()
        self.env['crm.duplicate.contact'].sudo()._forget(self._get_all_member_ids())
        self.env['crm.duplicate.merge']._merge_contacts(survivor, contacts - survivor, choice, self)
        # sudo: the program writes what became of the group
        self.sudo().write(
            {'state': 'merged', 'refusal': False, 'partner_ids': [Command.set(survivor.ids)]}
        )

    def _get_outcome_action(self):
        refused = self.filtered(lambda duplicate: duplicate.state == 'open')
        message = self.env._('Groups merged: %(number)s.', number=len(self - refused))
        if refused:
            reasons = {f'{group.display_name}: {group.refusal}' for group in refused}
            message += '\n' + self.env._('Refused: %(reasons)s', reasons=sorted(reasons))
        return self._get_notification(message, 'warning' if refused else 'success')

    @api.model
    def _get_notification(self, message, kind='success'):
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'message': message,
                'type': kind,
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'},
            },
        }


def _refuse(duplicate, error):
    # sudo: the program notes why
    duplicate.sudo().refusal = duplicate._get_failure_reason(error)

"""Who may do what with segments and all that belongs to them, written as a table."""

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import SegmentCase

ROLES = {
    'salesperson': 'sales_team.group_sale_salesman',
    'salesperson of all': 'sales_team.group_sale_salesman_all_leads',
    'sales manager': 'sales_team.group_sale_manager',
    'foreign manager': 'sales_team.group_sale_manager',
    'definer': 'crm_segmentation.crm_segmentation_group_definer',
    'administrator': 'base.group_system',
    'employee': 'base.group_user',
    'customer': 'base.group_portal',
    'public': 'base.group_public',
}
NOBODY = dict.fromkeys(ROLES, ('', '', ''))
# What each role may do (r read, w write, c create, u unlink) with what belongs to a segment of
# its own company, of all companies, and of another company.
DEFINED_BY_MANAGERS = NOBODY | {
    'salesperson': ('r', 'r', ''),
    'salesperson of all': ('r', 'r', ''),
    'sales manager': ('rwcu', 'rwcu', ''),
    'definer': ('rwcu', 'rwcu', ''),
    'foreign manager': ('', 'rwcu', 'rwcu'),
}
WRITTEN_BY_SEGMENTS = NOBODY | {
    'salesperson': ('r', 'r', ''),
    'salesperson of all': ('r', 'r', ''),
    'sales manager': ('r', 'r', ''),
    'definer': ('r', 'r', ''),
    'foreign manager': ('', 'r', 'r'),
}
SET_UP_BY_MANAGERS = NOBODY | {
    'sales manager': ('rwcu', 'rwcu', ''),
    'definer': ('rwcu', 'rwcu', ''),
    'foreign manager': ('', 'rwcu', 'rwcu'),
}
MATRIX = {
    'crm.segment': DEFINED_BY_MANAGERS,
    'crm.segment.group': DEFINED_BY_MANAGERS,
    'crm.segment.rule': DEFINED_BY_MANAGERS,
    'crm.segment.export': SET_UP_BY_MANAGERS,
    'crm.segment.membership': WRITTEN_BY_SEGMENTS,
    'crm.segment.size': WRITTEN_BY_SEGMENTS,
}
# What belongs to no company, and the dialogues.
SHARED = {
    'crm.segment.metric': {'salesperson': 'r', 'sales manager': 'rwcu'},
    'crm.segment.report': {'salesperson': 'r', 'sales manager': 'r'},
    'crm.segment.template': {'salesperson': 'r', 'sales manager': 'rwcu'},
    'crm.segment.template.line': {'salesperson': 'r', 'sales manager': 'rwcu'},
    'crm.segment.preview': {'salesperson': '', 'sales manager': 'rwcu'},
    'crm.segment.split': {'salesperson': '', 'sales manager': 'rwcu'},
    'crm.segment.hand': {'salesperson': '', 'sales manager': 'rwcu'},
    'crm.segment.overlap': {'salesperson': 'rwcu', 'sales manager': 'rwcu'},
    'crm.segment.explanation': {'salesperson': 'rwcu', 'sales manager': 'rwcu'},
    'crm.segment.explanation.line': {'salesperson': 'rwcu', 'sales manager': 'rwcu'},
    'crm.segment.import': {'administrator': 'rwcu'},
    'crm.segment.import.line': {'administrator': 'rwcu'},
}
OPERATIONS = {'r': 'read', 'w': 'write', 'c': 'create', 'u': 'unlink'}
# Buttons of a segment, and who may press them.
FOR_READERS = ('action_explain', 'action_view_members', 'action_export_members')
FOR_DEFINERS = (
    'action_preview',
    'action_apply',
    'action_run_effects',
    'action_snapshot',
    'action_split',
    'action_draft',
)


@tagged('post_install', '-at_install')
class TestSegmentRightsMatrix(SegmentCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.abroad = cls.env['res.company'].create({'name': 'Segment Company B'})
        cls.users = {
            role: new_test_user(cls.env, f'segment_matrix_{number}', group, **cls.live_in(role))
            for number, (role, group) in enumerate(ROLES.items())
        }
        cls.segments = [
            cls.create_filled_segment(name, company, user)
            for name, company, user in (
                ('Home', cls.env.company, 'sales manager'),
                ('All', cls.env['res.company'], 'sales manager'),
                ('Abroad', cls.abroad, 'foreign manager'),
            )
        ]
        cls.records = {
            'crm.segment': cls.segments,
            'crm.segment.group': [segment.group_id for segment in cls.segments],
            'crm.segment.rule': [segment.rule_ids for segment in cls.segments],
            'crm.segment.export': [segment.export_ids for segment in cls.segments],
            'crm.segment.membership': [segment.membership_ids for segment in cls.segments],
            'crm.segment.size': [segment.size_ids for segment in cls.segments],
        }

    @classmethod
    def live_in(cls, role):
        if role != 'foreign manager':
            return {}
        return {'company_id': cls.abroad.id, 'company_ids': [Command.set(cls.abroad.ids)]}

    @classmethod
    def create_filled_segment(cls, name, company, role):
        """Create a segment in a group, with a rule, a member and a row of size."""
        metric = cls.env.ref('crm_segmentation.metric_call_count')
        group = cls.env['crm.segment.group'].create({'name': name, 'company_id': company.id})
        segment = cls.env['crm.segment'].create(
            {
                'name': name,
                'company_id': company.id,
                'group_id': group.id,
                'author_id': cls.users[role].id,
                'include_partner_ids': [Command.set(cls.alba.ids)],
                'rule_ids': [Command.create({'metric_id': metric.id, 'value': 1000})],
                'export_ids': [Command.create({'user_ids': cls.users[role].ids})],
            }
        )
        segment.action_apply()
        return segment

    def refuses(self, call, *arguments):
        with self.assertRaises(AccessError), self.cr.savepoint():
            call(*arguments)

    # === THE TABLE === #

    def test_table_holds_for_everybody(self):
        for model_name, table in MATRIX.items():
            for role, rights in table.items():
                for record, allowed in zip(self.records[model_name], rights, strict=True):
                    with self.subTest(model=model_name, role=role, record=record):
                        self.assertEqual(len(record), 1)
                        self.assertEqual(self.get_granted(record, role), set(allowed))

    def test_table_of_what_has_no_company_holds_for_everybody(self):
        for model_name, table in SHARED.items():
            table = {'salesperson of all': table.get('salesperson', '')} | table
            like_managers = dict.fromkeys(
                ('foreign manager', 'definer'), table.get('sales manager', '')
            )
            table = like_managers | table
            for role in ROLES:
                with self.subTest(model=model_name, role=role):
                    granted = self.get_granted(self.env[model_name], role)
                    self.assertEqual(granted, set(table.get(role, '')))

    def get_granted(self, record, role):
        record = record.with_user(self.users[role]).sudo(False)
        return {key for key, name in OPERATIONS.items() if record.has_access(name)}

    def test_search_and_groups_find_what_may_be_read_and_nothing_else(self):
        for model_name, table in MATRIX.items():
            records = self.records[model_name]
            domain = [('id', 'in', [record.id for record in records])]
            for role, rights in table.items():
                model = self.env[model_name].with_user(self.users[role])
                with self.subTest(model=model_name, role=role):
                    if not model.has_access('read'):
                        self.refuses(model.search, domain)
                        self.refuses(model.formatted_read_group, domain, [], ['__count'])
                        continue
                    readable = {
                        record.id
                        for record, allowed in zip(records, rights, strict=True)
                        if 'r' in allowed
                    }
                    self.assertEqual(set(model.search(domain).ids), readable)
                    [group] = model.formatted_read_group(domain, [], ['__count'])
                    self.assertEqual(group['__count'], len(readable))

    def test_no_model_is_left_out(self):
        ours = {
            name
            for name in self.env
            if name.startswith('crm.segment') and not self.env[name]._abstract
        }
        self.assertEqual(ours, MATRIX.keys() | SHARED.keys())

    # === BUTTONS === #

    def test_buttons_work_for_those_who_may_press_them(self):
        home, _shared, abroad = self.segments
        # who may not read what a rule measures is shown no numbers
        home.rule_ids.unlink()
        definers = {'sales manager', 'definer'}
        may_read = {'salesperson', 'salesperson of all', *definers}
        for role, user in self.users.items():
            for names, roles in ((FOR_READERS, may_read), (FOR_DEFINERS, definers)):
                for name in names:
                    with self.subTest(role=role, button=name):
                        button = getattr(home.with_user(user), name)
                        if role in roles:
                            self.assertTrue(button())
                        else:
                            self.refuses(button)
                        if role != 'foreign manager':
                            self.refuses(getattr(abroad.with_user(user), name))

    @mute_logger('odoo.http')
    def test_remote_calls_are_refused_as_well(self):
        abroad = self.segments[2]
        rule = self.env.ref('crm_segmentation.metric_call_count')
        for role in ('salesperson', 'employee', 'customer'):
            user = self.users[role]
            self.authenticate(user.login, user.login)
            for model, method, *arguments in (
                ('crm.segment', 'action_apply', self.segments[0].ids),
                ('crm.segment', 'action_preview_draft', [], {'name': 'x', 'domain': '[]'}),
                ('crm.segment', 'create', [{'name': 'x'}]),
                ('crm.segment', '_explain', self.segments[0].ids, self.alba.ids),
                ('crm.segment', '_cron_refresh', []),
                ('crm.segment', 'action_draft', self.segments[0].ids),
                ('crm.segment.export', '_cron_send', []),
                ('crm.segment', 'read', abroad.ids, ['name', 'domain', 'member_count']),
                ('crm.segment.membership', 'write', [1], {'date_out': False}),
                ('crm.segment.metric', 'write', rule.ids, {'domain': '[]'}),
                ('crm.segment.template', 'action_create_segments', [1]),
                ('crm.segment.import', 'create', [{}]),
            ):
                with (
                    self.subTest(role=role, model=model, method=method),
                    self.assertRaises(JsonRpcException),
                ):
                    self.make_jsonrpc_request(
                        '/web/dataset/call_kw',
                        {'model': model, 'method': method, 'args': arguments, 'kwargs': {}},
                    )

    # === DIALOGUES ABOUT SEGMENTS OF ANOTHER COMPANY === #

    def test_dialogues_tell_nothing_about_another_company(self):
        home, _shared, abroad = self.segments
        manager = self.users['sales manager']
        self.refuses(abroad.with_user(manager)._explain, self.alba.with_user(manager))
        self.refuses(abroad.with_user(manager)._explain_parts, self.alba.with_user(manager))
        self.refuses(abroad.with_user(manager)._preview)
        preview = self.env['crm.segment.preview'].with_user(manager)
        self.refuses(lambda: preview.create({'segment_id': abroad.id}).enter_count)
        explanation = self.env['crm.segment.explanation'].with_user(manager)
        self.refuses(
            lambda: (
                explanation.create({'segment_id': abroad.id, 'partner_id': self.alba.id}).line_ids
            )
        )
        overlap = self.env['crm.segment.overlap'].with_user(manager)
        self.refuses(overlap.create, {'first_id': home.id, 'second_id': abroad.id})
        twice = overlap.create({'first_id': home.id, 'second_id': home.id})
        self.assertEqual(twice.both_count, 1)

    def test_drafts_count_no_members_of_another_company(self):
        abroad = self.segments[2]
        segments = self.env['crm.segment'].with_user(self.users['sales manager'])
        for values in (
            {'parent_ids': [Command.set(abroad.ids)], 'domain': '[]'},
            {'not_parent_ids': [Command.link(abroad.id)], 'domain': '[]'},
            {'group_id': abroad.group_id.id, 'domain': '[]'},
            {'company_id': self.abroad.id, 'domain': '[]'},
        ):
            with self.subTest(**values):
                self.refuses(segments.action_preview_draft, {'name': 'x', **values})

    # === NUMBERS THAT THE OWN RIGHTS WOULD NOT GIVE === #

    def create_segment_with_a_secret(self):
        """The administrator counts two calls, everybody else only that of Brisa."""
        secret = self.log_calls(self.alba, '2026-06-01 10:00:00')
        self.log_calls(self.brisa, '2026-06-01 10:00:00')
        self.env['ir.rule'].create(
            {
                'name': 'Hide one',
                'model_id': self.env['ir.model']._get('crm.call').id,
                'domain_force': [('id', '!=', secret.id)],
            }
        )
        segment = self.create_rule_segment('call_count', ('>=', 1))
        segment.sudo().author_id = self.env.ref('base.user_root')
        return segment

    def test_preview_is_refused_where_the_own_rights_count_otherwise(self):
        segment = self.create_segment_with_a_secret()
        self.assertEqual(segment.sudo()._preview(), {segment.id: 2})
        with self.assertRaisesRegex(AccessError, 'wrote the criteria'):
            segment._preview()
        dialogue = self.env['crm.segment.preview'].with_user(self.manager)
        self.refuses(lambda: dialogue.create({'segment_id': segment.id}).enter_count)
        self.assertEqual(segment.action_preview_draft({})['count'], 1)
        segment.domain = "[('ref', '=like', 'SEG-E%')]"
        self.assertEqual(segment._preview(), {segment.id: 1}, 'own criteria count what one sees')

    def test_preview_is_shown_where_the_own_rights_count_the_same(self):
        segment = self.create_segment_with_a_secret()
        segment.sudo().domain = "[('ref', '=', 'SEG-FR')]"
        self.assertEqual(segment.author_id, self.env.ref('base.user_root'))
        self.assertEqual(segment._preview(), {segment.id: 0})

    def test_criteria_are_explained_only_to_who_would_see_the_same(self):
        self.win(self.alba, 100).user_id = self.manager
        segment = self.create_segment(domain="[('opportunity_ids.expected_revenue', '>', 50)]")
        segment.sudo().author_id = self.env.ref('base.user_root')
        asked = self.alba | self.cierzo
        parts = segment.with_user(self.salesman)._explain_parts(asked)
        self.assertEqual(parts[self.alba.id]['criteria'], None)
        self.assertEqual(parts[self.cierzo.id]['criteria'], False)
        self.assertEqual(segment.sudo()._explain_parts(asked)[self.alba.id]['criteria'], True)

    # === HOSTILE CRITERIA === #

    def test_hostile_criteria_are_refused_and_nothing_is_written(self):
        deep = "[('parent_id', 'any', " * 400 + '[]' + ')]' * 400
        for domain in (
            "[('name; DROP TABLE res_partner', '=', 1)]",
            "[('name\\' OR 1=1 --', '=', 1)]",
            "[('__class__', '=', 1)]",
            "[('user_ids.password', '=like', 'a%')]",
            "[('user_ids', 'any', [('password', '=like', 'a%')])]",
            "[('user_ids.api_key_ids.key', '!=', False)]",
            "[('user_ids', 'any', [('totp_secret', '!=', False)])]",
            "[('user_ids', 'any!', [('login', '!=', False)])]",
            "[('name', 'similar to', 'x')]",
            "[('id', 'inselect', ('SELECT 1', []))]",
            "[('id', 'in', __import__('os').listdir('/'))]",
            "[('name', '=', env['res.users'].search([]))]",
            "{'name': 'x'}",
            "['&']",
            '[' * 3000,
            deep,
            "[('id', 'in', [" + '1, ' * 20000 + '])]',
        ):
            with self.subTest(domain=domain[:60]):
                with (
                    self.assertRaisesRegex((ValidationError, AccessError), '.'),
                    self.cr.savepoint(),
                ):
                    self.create_segment(name='Hostile', domain=domain)
                segments = self.env['crm.segment'].with_user(self.manager)
                with (
                    self.assertRaisesRegex((ValidationError, AccessError), '.'),
                    self.cr.savepoint(),
                ):
                    segments.action_preview_draft({'name': 'Hostile', 'domain': domain})
        self.assertFalse(self.env['crm.segment'].search([('name', '=', 'Hostile')]))

    def test_values_are_data_and_never_code(self):
        segment = self.create_segment(domain="[('name', '=', \"x'; DROP TABLE crm_segment; --\")]")
        segment.action_apply()
        self.assertFalse(self.open_partners(segment))
        self.assertTrue(segment.exists())

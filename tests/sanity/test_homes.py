"""My Day of each role: what a card counts is what its list shows, whichever addon made the card."""

from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.crm_extended.core.home import TONES

from tests.suite import records_of_ours

QUERIES = 15
ROWS = 8
# Who has what, for a user of every role to have something of everything
OWNERS = {
    'crm.call': 'user_id',
    'crm.lead': 'user_id',
    'service.claim': 'user_id',
    'service.ticket': 'user_id',
    'crm.contract': 'manager_id',
}


@tagged('post_install', '-at_install')
class TestHomes(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = cls.env['crm.home']._get_home_roles()
        groups = ','.join({home['groups'] for home in cls.roles.values()})
        cls.user = new_test_user(cls.env, 'sanity home', f'base.group_user,{groups}')
        for model, field in OWNERS.items():
            records = cls.env[model].search([(field, '!=', False)], limit=40)
            records.with_context(mail_auto_subscribe_no_notify=True)[field] = cls.user
        cls.env['service.team'].search([]).member_ids += cls.user
        cls.env.flush_all()

    def tell(self, role):
        self.env.invalidate_all()
        return self.env['crm.home'].with_user(self.user).action_tell_home(role)

    def tell_blocks(self, role):
        """Return the cards of a role, those that come later too."""
        home = self.env['crm.home'].with_user(self.user)
        return [
            home.action_tell_home_card(role, block['key']) if block['is_later'] else block
            for block in self.tell(role)['blocks']
        ]

    def get_all_blocks(self):
        return [(role, block) for role in self.roles for block in self.tell_blocks(role)]

    def test_each_number_is_what_its_list_shows(self):
        counted = 0
        for role, block in self.get_all_blocks():
            lists = [*block['parts'], *([block] if block['action'] else [])]
            for one in lists:
                if one['count'] is not None:
                    counted += bool(one['count'])
                    with self.subTest(role=role, block=block['key']):
                        self.assertEqual(self.count(one['action']), one['count'])
            if not block['action'] and block['parts']:
                total = sum(part['count'] for part in block['parts'])
                with self.subTest(role=role, block=block['key'], parts=True):
                    self.assertEqual(total, block['count'])
        self.assertGreater(counted, len(self.roles))

    def count(self, action):
        records = self.env[action['res_model']].with_user(self.user)
        return records.with_context(**action['context']).search_count(action['domain'])

    def test_each_list_opens_with_its_views(self):
        opened = 0
        for role, block in self.get_all_blocks():
            actions = [part['action'] for part in block['parts']] + [block['action']]
            for action in filter(None, actions):
                opened += 1
                with self.subTest(role=role, block=block['key']):
                    records = self.env[action['res_model']].with_user(self.user)
                    views = records.get_views(action['views'])['views']
                    self.assertEqual(set(views), {mode for _id, mode in action['views']})
        self.assertGreater(opened, len(self.roles))

    def test_each_row_and_button_does_something(self):
        self.assertTrue(self.roles)
        for role in self.roles:
            blocks = self.tell_blocks(role)
            self.assertTrue(blocks, role)
            self.assertEqual(len(blocks), len({block['key'] for block in blocks}), role)
            for block in blocks:
                with self.subTest(role=role, block=block['key']):
                    self.check_block(block)

    def check_block(self, block):
        self.assertIn(block['tone'], TONES)
        self.assertTrue(block['title'] and block['icon'])
        self.assertLessEqual(len(block['rows']), ROWS)
        self.assertTrue(block['empty'] or block['value'] or block['search'], 'nothing is said')
        for row in block['rows']:
            self.assertIn(row['tone'], TONES)
            self.env[row['model']].with_user(self.user).browse(row['id']).check_access('read')
        for button in [*block['buttons'], *(b for row in block['rows'] for b in row['buttons'])]:
            if not button['href']:
                self.assertRegex(button['method'], '^action_')
                self.assertTrue(callable(getattr(self.env[button['model']], button['method'])))

    def test_each_home_takes_few_queries(self):
        self.assertTrue(self.roles)
        for role in self.roles:
            self.tell(role)
            with self.subTest(role=role):
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.env['crm.home'].with_user(self.user).action_tell_home(role)
                self.assertLessEqual(self.env.cr.sql_log_count - before, QUERIES)

    def test_each_role_has_its_action_and_the_first_menu_of_its_application(self):
        actions = records_of_ours(self.env, 'ir.actions.client').filtered(
            lambda action: action.tag == 'crm_home'
        )
        self.assertEqual({action.params['role'] for action in actions}, self.roles.keys())
        menus = records_of_ours(self.env, 'ir.ui.menu').filtered(
            # ids are those of all kinds of actions
            lambda menu: menu.action and menu.action.id in actions.ids
        )
        self.assertEqual(len(menus), len(actions))
        for menu in menus:
            siblings = menu.parent_id.child_id.sorted(lambda one: (one.sequence, one.id))
            before = siblings[: list(siblings).index(menu)]
            with self.subTest(menu=menu.complete_name):
                self.assertFalse(before - menus, 'not the first of its application')

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DuplicateCase


@tagged('post_install', '-at_install')
class TestDuplicateRights(DuplicateCase):
    """``ours`` and ``shared`` are seen by everybody here, ``foreign`` by another company only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env['res.company'].create({'name': 'Branch'})
        cls.ours, cls.shared, cls.foreign = (
            cls._new(name, email='eva@faro.example.com', phone='+34 600 11 22 33', **values)
            for name, values in (
                ('Eva Mena', {}),
                ('Mena, Eva', {}),
                ('E. Mena', {'company_id': cls.branch.id}),
            )
        )

    def setUp(self):
        super().setUp()
        self._compare()
        self.group = self._get_group(self.ours)

    def test_group_is_shown_with_the_contacts_that_one_may_see(self):
        everything = self.group.sudo()
        self.assertEqual(everything.partner_ids, self.ours | self.shared | self.foreign)
        self.env.invalidate_all()
        self.assertEqual(self.group.partner_ids, self.ours | self.shared)
        self.assertEqual(self.group.contact_count, 2)
        self.assertNotIn('E. Mena', self.group.display_name)
        self.assertEqual(
            self.group.explanation,
            'E-mail: eva@faro.example.com; Phone and name: +34 600 11 22 33',
        )

    def test_group_of_which_one_sees_a_single_contact_is_not_told(self):
        self.shared.company_id = self.branch
        self._compare()
        group = self.duplicates.search([('partner_ids', 'in', self.foreign.ids)])
        self.assertEqual(group.partner_ids, self.ours | self.shared | self.foreign)
        self.env.invalidate_all()
        duplicates = self.duplicates.with_user(self.manager)
        self.assertFalse(duplicates.search([('id', 'in', group.ids)]))
        for work in ('action_merge', 'action_distinct', 'action_preview_merge'):
            self.assertRaises(AccessError, getattr(group.with_user(self.manager), work))
        self.assertRaises(AccessError, group.with_user(self.manager).read, ['reason'])
        self.manager.company_ids += self.branch
        both = duplicates.with_context(allowed_company_ids=self.manager.company_ids.ids)
        self.assertEqual(both.search([('id', 'in', group.ids)]).partner_ids, group.partner_ids)

    def test_what_one_does_not_see_is_neither_merged_nor_told_apart(self):
        self.group.action_distinct()
        self._compare()
        apart = self.duplicates.search([('state', '=', 'distinct')])
        self.assertEqual(apart.partner_ids, self.ours | self.shared)
        left = self.duplicates.search([('partner_ids', 'in', self.foreign.ids)])
        self.assertEqual(len(left.partner_ids), 2)
        self.group.action_reopen()
        self._compare()
        with mute_logger('odoo.models.unlink'):
            self._get_group(self.ours).action_merge()
        self.assertTrue(self.foreign.exists())
        self.assertFalse(self.shared.exists())

    def test_only_managers_decide_and_only_the_program_writes(self):
        for user in (self.salesman, self.coordinator, self.outsider, self.portal):
            group = self.group.with_user(user)
            for work in ('action_merge', 'action_distinct', 'action_undo_merge', 'action_find'):
                with self.subTest(user=user.login, work=work):
                    self.assertRaises(AccessError, getattr(group, work))
            self.assertRaises(AccessError, self.ours.with_user(user).action_undo_merge)
        self.assertRaises(AccessError, self.group.write, {'state': 'merged'})
        self.assertRaises(AccessError, self.group.write, {'partner_ids': [Command.clear()]})
        self.assertRaises(AccessError, self.group.copy)
        self.assertRaises(AccessError, self.group.unlink)
        for model in ('crm.duplicate.contact', 'crm.duplicate.trait'):
            self.assertRaises(AccessError, self.env[model].with_user(self.manager).search, [])

    def test_merge_wants_the_right_to_change_the_contacts(self):
        self.env['ir.rule'].create(
            {
                'name': 'Untouchable',
                'model_id': self.env['ir.model']._get_id('res.partner'),
                'domain_force': [('id', '!=', self.shared.id)],
                'perm_read': False,
            }
        )
        self.assertRaises(AccessError, self.group.action_merge)
        self.assertTrue(self.shared.exists())

    def test_snapshots_are_kept_from_managers(self):
        with mute_logger('odoo.models.unlink'):
            self.group.action_merge()
        merge = self.group.merge_ids
        self.assertEqual(merge.source_ids.mapped('name'), ['Mena, Eva'])
        self.assertRaises(AccessError, merge.read, ['changes'])
        self.assertRaises(AccessError, merge.source_ids.read, ['values'])
        self.ours.company_id = self.branch
        self.assertRaises(AccessError, merge.action_undo)

    def test_warning_names_only_whom_one_may_see(self):
        self.env.invalidate_all()
        self.assertEqual(self.ours.with_user(self.salesman).crm_similar_ids, self.shared)
        self.assertRaises(AccessError, self.ours.with_user(self.outsider).read, ['crm_similar_ids'])

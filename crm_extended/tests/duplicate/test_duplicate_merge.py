import base64

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import DuplicateCase

METADATA = {'write_uid', 'write_date'}
PIXEL = base64.b64encode(
    b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><rect fill="red"/></svg>'
)


class DuplicateMergeCase(DuplicateCase):
    """Two contacts of one person: ``first`` is older, ``second`` has all that may hang on one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._new(
            'Eva Mena', email='eva@faro.example.com', city='Huesca', comment='<p>Calls late</p>'
        )
        cls.second = cls._new(
            'E. Mena',
            email='eva@faro.example.com',
            phone='+34 600 11 22 33',
            street='Calle Mayor 1',
            city='Zaragoza',
            function='Buyer',
            comment='<p>Likes tea</p>',
            image_1920=PIXEL,
            category_id=[Command.create({'name': 'Tea'})],
        )
        cls.tag = cls.env['res.partner.category'].create({'name': 'Both'})
        (cls.first | cls.second).category_id += cls.tag
        cls._attach_all(cls.second)
        cls.env.flush_all()

    @classmethod
    def _attach_all(cls, contact):
        """Followers of whom one follows both, documents that both follow, mails, leads, calls."""
        both, one = cls.company, cls.other_customer
        cls.first.message_subscribe(both.ids)
        contact.message_subscribe((both | one).ids)
        cls.lead = cls.env['crm.lead'].create({'name': 'Tea', 'partner_id': contact.id})
        cls.shared_lead = cls.env['crm.lead'].create({'name': 'Coffee', 'partner_id': cls.first.id})
        cls.lead.message_subscribe(contact.ids)
        cls.shared_lead.message_subscribe((cls.first | contact).ids)
        cls.call = cls.env['crm.call'].create({'name': 'Ask', 'partner_id': contact.id})
        cls.child = cls._new('Store', parent_id=contact.id, type='delivery')
        cls.message = contact.message_post(body='Hello', author_id=contact.id)
        cls.activity = contact.activity_schedule('mail.mail_activity_data_todo', user_id=1)
        cls.bank = cls.env['res.partner.bank'].create(
            {'acc_number': 'ES9121000418450200051332', 'partner_id': contact.id}
        )
        cls.external_id = cls.env['ir.model.data'].create(
            {'module': 'test', 'name': 'eva', 'model': 'res.partner', 'res_id': contact.id}
        )

    def setUp(self):
        super().setUp()
        self._compare()
        self.group = self._get_group(self.first)

    def _get_state(self, contacts):
        """Return every stored value of the contacts and of what hangs on them."""
        self.env.flush_all()
        self.env.invalidate_all()
        snapshot = self.env['crm.merge.snapshot']
        rows = snapshot._take_rows('res_partner', contacts.ids)
        attached = snapshot._take_attached('res.partner', contacts.ids)
        return {
            id_: (self._strip(row), self._get_attached_state(attached[id_]))
            for id_, row in rows.items()
        }

    def _get_attached_state(self, attached):
        notes = self.env.ref('mail.mt_note').id
        return {
            name: sorted(
                (self._strip(row) for row in rows if row.get('subtype_id') != notes), key=str
            )
            for name, rows in attached.items()
            if not name.startswith('crm_duplicate')
        }

    def _get_checksums(self, model_name, res_ids, *domain):
        files = self.env['ir.attachment'].sudo()
        return set(
            files.search(
                [('res_model', '=', model_name), ('res_id', 'in', res_ids), *domain]
            ).mapped('checksum')
        )

    def _strip(self, row):
        return {column: value for column, value in row.items() if column not in METADATA}

    def _merge(self, group=None):
        with mute_logger('odoo.models.unlink'):
            return (group or self.group).action_merge()


@tagged('post_install', '-at_install')
class TestDuplicateMerge(DuplicateMergeCase):
    def test_merge_loses_nothing(self):
        self._merge()
        self.assertEqual(self.group.state, 'merged')
        self.assertEqual(self.group.partner_ids, self.first)
        self.assertFalse(self.second.exists())
        for record, name in (
            (self.lead, 'partner_id'),
            (self.call, 'partner_id'),
            (self.child, 'parent_id'),
            (self.message, 'author_id'),
            (self.bank, 'partner_id'),
        ):
            self.assertEqual(record[name], self.first, record)
        self.assertEqual(self.external_id.res_id, self.first.id)
        self.assertIn(self.message, self.first.message_ids)
        self.assertLessEqual(self.company | self.other_customer, self.first.message_partner_ids)
        self.assertIn(self.first, self.lead.message_partner_ids)
        self.assertIn(self.first, self.shared_lead.message_partner_ids)

    def test_values_fill_gaps_and_an_address_stays_whole(self):
        self._merge()
        values = self.first.read(['name', 'phone', 'function', 'city', 'street'])[0]
        self.assertEqual(
            values,
            {
                'id': self.first.id,
                'name': 'Eva Mena',
                'phone': '+34 600 11 22 33',
                'function': 'Buyer',
                'city': 'Huesca',
                'street': False,
            },
        )
        self.assertIn('Calls late', self.first.comment)
        self.assertIn('Likes tea', self.first.comment)
        self.assertEqual(set(self.first.category_id.mapped('name')), {'Tea', 'Both'})

    def test_undone_merge_leaves_everything_as_it_was(self):
        self.maxDiff = None
        contacts = self.first | self.second
        before = self._get_state(contacts)
        images = self._get_checksums('res.partner', contacts.ids, ('res_field', '!=', False))
        self.assertTrue(images)
        self._merge()
        held = self._get_checksums('crm.duplicate.merge', self.group.merge_ids.ids)
        self.assertLessEqual(images, held, 'no garbage while the merge can be undone')
        self.assertTrue(self.first.with_user(self.manager).action_undo_merge())
        self.assertEqual(self._get_state(contacts), before)
        self.assertEqual(self.second.image_1920, PIXEL)
        self.assertEqual(self.group.state, 'open')
        self.assertEqual(self.group.partner_ids, contacts)
        self.assertIn('E. Mena', self.first.message_ids[0].body)
        self.assertRaises(UserError, self.first.with_user(self.manager).action_undo_merge)

    def test_what_was_edited_since_stays(self):
        self._merge()
        self.first.write({'phone': '+34 600 99 99 99', 'function': 'Head'})
        later = self.env['crm.lead'].create({'name': 'Later', 'partner_id': self.first.id})
        self.call.partner_id = self.company
        self.group.action_undo_merge()
        self.assertEqual((self.first.phone, self.first.function), ('+34 600 99 99 99', 'Head'))
        self.assertEqual(self.second.function, 'Buyer')
        self.assertEqual(later.partner_id, self.first)
        self.assertEqual(self.call.partner_id, self.company)
        self.assertEqual(self.lead.partner_id, self.second)

    def test_files_outlive_the_housekeeping(self):
        self._merge()
        merge = self.group.merge_ids
        kept = self.env['ir.attachment'].search(
            [('res_model', '=', merge._name), ('res_id', 'in', merge.ids)]
        )
        images = merge.source_ids.sudo().attached['ir_attachment.res_id']
        self.assertEqual(set(kept.mapped('store_fname')), {row['store_fname'] for row in images})
        self.first._forget_crm_merges()
        self.assertFalse(merge.exists())
        self.assertFalse(kept.exists())

    # === MANY === #

    def test_groups_of_more_than_three_are_merged_and_undone_as_one(self):
        more = [self._new(f'E{n}', email='eva@faro.example.com') for n in range(3)]
        self._compare()
        self.assertEqual(len(self.group.partner_ids), 5)
        self._merge()
        self.assertEqual(
            self.group.merge_ids.source_ids.mapped('name'), ['E. Mena', 'E0', 'E1', 'E2']
        )
        self.group.action_undo_merge()
        for contact in more:
            self.assertTrue(contact.exists())
        self.assertEqual(len(self.group.partner_ids), 5)

    def test_many_groups_are_merged_and_the_refused_say_why(self):
        users = [
            new_test_user(
                self.env, login=f'twin{n}', groups='base.group_portal', email='t@x.example'
            )
            for n in range(2)
        ]
        twins = self.env['res.partner'].concat(*(user.partner_id for user in users))
        twins.email = 'twin@faro.example.com'
        self._compare()
        refused = self._get_group(twins[0])
        with mute_logger('odoo.addons.crm_extended.models.shared.crm_batch_mixin'):
            action = self._merge(self.group | refused)
        self.assertEqual((self.group.state, refused.state), ('merged', 'open'))
        self.assertIn('user', refused.refusal)
        self.assertIn(refused.refusal, action['params']['message'])
        self.assertEqual(twins.exists(), twins)
        with self.assertRaisesRegex(UserError, 'user'):
            self._merge(refused)
        self.assertFalse(refused.merge_ids)

    def test_many_merges_are_undone_at_once_the_later_first(self):
        third = self._new('E. M.', email='eva@faro.example.com', phone='+34 600 44 55 66')
        self.first.phone = False
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.first | self.second).ids, self.first
        )
        self.env['base.partner.merge.automatic.wizard']._merge((self.first | third).ids, third)
        merges = self.env['crm.duplicate.merge'].search([('partner_id', '=', third.id)])
        self.assertEqual(len(merges), 2)
        with self.assertRaisesRegex(UserError, 'later'):
            merges[1].with_user(self.manager).action_undo()
        merges.with_user(self.manager).action_undo()
        self.assertEqual((self.first.phone, third.phone), (False, '+34 600 44 55 66'))
        self.assertEqual(self.lead.partner_id, self.second)
        with self.assertRaisesRegex(UserError, 'before'):
            merges.with_user(self.manager).action_undo()

    def test_contact_of_all_companies_stays_one(self):
        self.second.company_id = self.env.company
        self._merge()
        self.assertFalse(self.first.company_id)

    # === PREVIEW === #

    def _open(self):
        action = self.group.action_preview_merge()
        dialogs = self.env[action['res_model']].with_user(self.manager)
        return dialogs.with_context(**action['context'], lang='en_US').create({})

    def test_preview_shows_what_differs_and_does_what_is_chosen(self):
        dialog = self._open()
        self.assertEqual(dialog.survivor_id, self.first)
        lines = {line.field_name: line for line in dialog.line_ids}
        self.assertNotIn('email', lines)
        self.assertNotIn('city', lines)
        self.assertEqual(lines['street'].label, 'Address')
        self.assertEqual(lines['street'].partner_id, self.first)
        self.assertEqual(lines['function'].partner_id, self.second)
        self.assertFalse(lines['comment'].partner_id)
        self.assertIn('Calle Mayor 1', lines['street'].texts)
        self.assertIn('1', dialog.moved_summary)
        lines['street'].partner_id = lines['name'].partner_id = self.second
        lines['function'].partner_id = self.first
        with mute_logger('odoo.models.unlink'):
            dialog.action_merge()
        values = self.first.read(['name', 'function', 'city', 'street', 'phone'])[0]
        self.assertEqual(
            values,
            {
                'id': self.first.id,
                'name': 'E. Mena',
                'function': False,
                'city': 'Zaragoza',
                'street': 'Calle Mayor 1',
                'phone': '+34 600 11 22 33',
            },
        )
        self.group.action_undo_merge()
        self.assertEqual(self.first.name, 'Eva Mena')

    def test_another_contact_may_stay(self):
        with Form(self._open()) as form:
            form.survivor_id = self.second
        with mute_logger('odoo.models.unlink'):
            form.record.action_merge()
        self.assertEqual(self.group.partner_ids, self.second)
        self.assertEqual(self.second.city, 'Zaragoza')
        self.assertEqual(self.shared_lead.partner_id, self.second)

import random

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from ...core.duplicates import Trait
from ..scale import ScaleMixin
from .common import DuplicateCase


def _ids(*contacts):
    return frozenset(contact.id for contact in contacts)


@tagged('post_install', '-at_install')
class TestDuplicateFinding(ScaleMixin, DuplicateCase):
    def test_each_reason_finds_its_groups_and_nothing_else(self):
        ana = self._new('Ana Gil Sanz', email='Ana.Gil@Faro.example.com')
        anita = self._new('Anita', email='"A" <ana.gil@faro.example.com>')
        ebro = self._new('Cerámicas Duero, S.L.', is_company=True)
        ebro_again = self._new('CERAMICAS DUERO SL', is_company=True)
        vega = self._new('Vega Norte', is_company=True, vat='BE0477472701')
        vega_again = self._new('Almacenes Vega', is_company=True, vat='BE 0477.472.701')
        luis = self._new('Luis Ruiz', phone='+34 976 22 33 44')
        luis_again = self._new('Ruiz, Luis', phone='0034976223344')
        colleague = self._new('Marta Pons', phone='+34 976 22 33 44')
        in_company = self._new('Eva Mena', parent_id=ebro.id)
        in_company_again = self._new('Eva Mena', parent_id=ebro.id, city='Soria')
        namesake = self._new('Eva Mena', city='Lugo')
        address = self._new('Store', parent_id=ebro.id, type='delivery', email=ana.email)
        archived = self._new('Ana Gil Sanz', email=ana.email, active=False)
        self._compare()
        self.assertEqual(
            self._get_groups(ana, anita, ebro, ebro_again, vega, vega_again, luis, luis_again),
            {
                _ids(ana, anita): 'email',
                _ids(ebro, ebro_again): 'name',
                _ids(vega, vega_again): 'vat',
                _ids(luis, luis_again): 'phone',
            },
        )
        self.assertEqual(self._get_groups(in_company), {_ids(in_company, in_company_again): 'name'})
        self.assertEqual(self._get_groups(colleague, namesake, address, archived), {})

    def test_what_belongs_to_many_is_no_reason_by_itself(self):
        desk = [self._new(f'Person {n}', email='info@faro.example.com') for n in range(2)]
        crowd = [self._new(f'Worker {n}', email='team1@faro.example.com') for n in range(6)]
        twin = self._new('Worker 3', email='team1@faro.example.com')
        garcias = [self._new('Ana García', city='Soria') for n in range(6)]
        ebro = self._new('Duero Sur', is_company=True, email='duerosur@faro.example.com')
        own = [self._new(name, parent_id=ebro.id, email=ebro.email) for name in ('Eva', 'Luis')]
        self._compare()
        self.assertEqual(
            self._get_groups(*desk, *crowd, *garcias, ebro, *own), {_ids(crowd[3], twin): 'email'}
        )

    def test_whatever_changes_changes_the_groups(self):
        ana = self._new('Ana Gil', email='ana@faro.example.com')
        other = self._new('Ana G.', email='ana@faro.example.com')
        self._compare()
        group = self._get_group(ana)
        self.assertEqual(group.partner_ids, ana | other)
        third = self._new('A. Gil', email='other@faro.example.com')
        self._compare()
        self.assertEqual(self._get_group(ana), group)
        third.email = 'ana@faro.example.com'
        self._compare(third)
        self.assertEqual(self._get_groups(ana), {_ids(ana, other, third): 'email'})
        self.assertEqual(self._get_group(ana), group)
        other.active = False
        self._compare(other)
        self.assertEqual(self._get_groups(ana, other), {_ids(ana, third): 'email'})
        third.unlink()
        self.duplicates._drop_small()
        self.assertEqual(self._get_groups(ana), {})

    def test_only_what_changed_is_compared_again(self):
        ana, luis = self._new('Ana Gil'), self._new('Luis Ruiz')
        self._compare()
        self.assertEqual(self.contacts._find_changed(0, 100), [])
        self.env.cr.execute(
            "UPDATE res_partner SET write_date = '2020-01-01' WHERE id = %s", [luis.id]
        )
        self.assertEqual(self.contacts._find_changed(0, 100), luis.ids)
        self.assertEqual(self.contacts._find_changed(luis.id, 100), [])
        self.assertNotIn(ana.id, self.contacts._find_changed(0, 100))

    def test_one_by_one_gives_the_groups_of_all_at_once(self):
        dice = random.Random(17)
        partners = self.env['res.partner'].create(
            [
                {
                    'name': f'{dice.choice(("Ana", "Luis", "Eva"))} {dice.choice(("Gil", "Paz"))}',
                    'email': dice.choice((False, f'p{dice.randrange(15)}@faro.example.com')),
                    'phone': dice.choice((False, f'+34 976 00 00 {dice.randrange(10, 25)}')),
                    'city': dice.choice((False, 'Soria', 'Lugo', 'Vigo', 'Jaca')),
                }
                for _number in range(60)
            ]
        )
        self._compare(*partners)
        at_once = self._get_groups(*partners)
        self.assertGreater(len(at_once), 3)
        self.duplicates.search([('partner_ids', 'in', partners.ids)]).unlink()
        self.contacts._forget(partners.ids)
        for partner in dice.sample(list(partners), len(partners)):
            self._compare(partner)
        self.assertEqual(self._get_groups(*partners), at_once)

    def test_queries_do_not_grow_with_the_contacts(self):
        def new(number):
            return [
                self._new(f'Twin {n // 2}', email=f'twin{n // 2}.{number}@faro.example.com')
                for n in range(number)
            ]

        few, many = new(4), new(60)
        self._compare(*new(2))
        counts = [self._count_queries(lambda c=c: self._compare(*c)) for c in (few, many)]
        self.assertLessEqual(counts[1], counts[0] + 2)
        self.assertEqual(len(self._get_groups(*many)), 30)

    def test_job_compares_in_the_background(self):
        ana = self._new('Ana Gil', email='ana@faro.example.com')
        other = self._new('Ana G.', email='ana@faro.example.com')
        with self.enter_registry_test_mode():
            self.env.ref('crm_extended.ir_cron_find_duplicates').method_direct_trigger()
        self.assertEqual(self._get_groups(ana), {_ids(ana, other): 'email'})
        self.assertEqual(self.contacts._find_changed(0, 100), [])

    def test_what_is_shared_is_found_through_indexes(self):
        ana = self._new('Ana Gil', email='ana@faro.example.com', phone='+34 976 22 33 44')
        self._compare()
        self.env.cr.execute(
            """INSERT INTO crm_duplicate_trait (partner_id, kind, value, name)
               SELECT %s, 'name', 'trait ' || n, 'name' FROM generate_series(1, 30000) AS n""",
            [self.company.id],
        )
        self.env.cr.execute('ANALYZE crm_duplicate_trait')
        traits = [Trait('email', 'ana@faro.example.com'), Trait('phone', '976223344')]
        for query in (
            self.contacts._get_matches_query(ana.ids),
            self.env['res.partner']._get_crm_similar_query(traits, 50),
        ):
            [[[plan]]] = self.env.execute_query(SQL('EXPLAIN (FORMAT JSON) %s', query))
            scans = [node['Node Type'] for node in self._walk(plan['Plan'])]
            self.assertNotIn('Seq Scan', scans)

    # === NOT THE SAME === #

    def test_who_was_told_apart_is_never_proposed_again_also_with_a_third(self):
        ana = self._new('Ana Gil', email='ana@faro.example.com')
        mother = self._new('Ana Gil', email='ana@faro.example.com')
        self._compare()
        group = self._get_group(ana)
        group.action_distinct()
        self.assertEqual(group.state, 'distinct')
        self.assertRaises(UserError, group.action_distinct)
        self.assertRaises(UserError, group.action_merge)
        self._compare()
        self.assertEqual(self._get_groups(ana, mother), {})
        third = self._new('Ana G.', email='ana@faro.example.com')
        self._compare()
        self.assertEqual(self._get_groups(ana, mother), {_ids(ana, third): 'email'})
        self._get_group(ana).action_distinct()
        self._compare()
        self.assertEqual(self._get_groups(ana, mother), {_ids(mother, third): 'email'})
        group.action_reopen()
        self._compare()
        self.assertEqual(len(self._get_groups(ana, mother)), 1)

    # === WHILE TYPING === #

    def test_form_warns_while_a_contact_is_typed_and_refuses_nothing(self):
        ana = self._new('Ana Gil', email='ana@faro.example.com')
        vega = self._new('Vega Norte, S.L.', is_company=True)
        self._compare()
        partners = self.env['res.partner'].with_user(self.salesman)
        with Form(partners) as form:
            form.name = 'Ana'
            self.assertFalse(form.crm_similar_ids[:])
            form.email = 'ANA@faro.example.com'
            self.assertEqual(form.crm_similar_ids[:].ids, ana.ids)
            self.assertIn(f'href="/odoo/res.partner/{ana.id}"', form.crm_similar_links)
        self.assertEqual(form.record.crm_similar_ids.ids, ana.ids)
        self._compare()
        self._get_group(ana).action_distinct()
        self.env.invalidate_all()
        self.assertFalse(form.record.crm_similar_ids)
        with Form(partners) as form:
            form.company_type = 'company'
            form.name = 'VEGA NORTE'
            self.assertEqual(form.crm_similar_ids[:].ids, vega.ids)
        fresh = self._new('Luis Paz', phone='+34 976 22 33 44')
        with Form(partners) as form:
            form.name = 'Paz, Luis'
            form.phone = '+34976223344'
            self.assertEqual(form.crm_similar_ids[:].ids, fresh.ids)
            form.name = 'Marta Pons'
            self.assertFalse(form.crm_similar_ids[:])

    def test_warning_takes_the_same_queries_for_one_and_for_many(self):
        many = self.env['res.partner'].concat(
            *(self._new(f'Twin {n}', email=f'twin{n // 2}@faro.example.com') for n in range(40))
        )
        self._compare()
        many = many.with_user(self.salesman)
        self.assertEqual(many[3].crm_similar_ids, many[2])
        counts = [
            self._count_queries(lambda c=c: c.mapped('crm_similar_ids')) for c in (many[:1], many)
        ]
        self.assertLessEqual(counts[1], counts[0] + 1)

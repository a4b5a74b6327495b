from datetime import date

from odoo import Command
from odoo.tests import TransactionCase, new_test_user, tagged

from tests.suite import models_of_ours

NAME, EMAIL, PHONE = 'Nerea Quiroga', 'nerea@quiroga.example.com', '+34 655 010 203'
# Parts of field names that tell of a person.
TELLING = ('email', 'phone', 'address', 'mobile')
# Models that hold something of a person and are not looked up, and why.
EXCUSED = {
    'crm.capture.form': 'how large the share of one sender is',
    'crm.contract.mrr.movement': 'what a contract brings: reckoned from it',
    'crm.duplicate.contact': 'when a contact was compared: goes with it',
    'crm.duplicate.merge.source': 'told with its merge, and goes with it',
    'crm.duplicate.trait': 'made of the contact for comparing: goes with it',
    'crm.lead.merge.source': 'told with its merge, and goes with it',
    'crm.phone.extension': 'numbers of our own',
    'crm.phone.line': 'an address of our own',
    'service.mail.block': 'whom an agent blocked: without it they would write again',
}


@tagged('post_install', '-at_install')
class TestPersonalData(TransactionCase):
    """All that is ours and about a person is found by Odoo's look-up, printed, and forgotten."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref('base.es')
        cls.manager = new_test_user(
            cls.env, login='privacy_manager', groups='sales_team.group_sale_manager'
        )
        cls.form = cls.env['crm.capture.form'].create({'name': 'Page'})

    def _new_person(self):
        values = {'name': NAME, 'email': EMAIL, 'phone': PHONE}
        person, twin = self.env['res.partner'].create([values, dict(values)])
        self.env['base.partner.merge.automatic.wizard']._merge((person | twin).ids, person)
        return person

    def _new(self, model_name, **values):
        return self.env[model_name].sudo().create(values)

    def _make_all(self, person):
        """Return {model: a record about the person}, one of each kind."""
        leads = [self._new('crm.lead', name=name, partner_id=person.id) for name in 'ab']
        lead = (leads[0] | leads[1]).merge_opportunity()
        team = self._new('service.team', name='Desk')
        cases = {
            name: [
                self._new(name, name='It leaks', partner_id=person.id, team_id=team.id)
                for _number in range(2)
            ]
            for name in ('service.claim', 'service.ticket')
        }
        (cases['service.ticket'][0] | cases['service.ticket'][1]).action_merge()
        contract = self._new(
            'crm.contract', name='Care', partner_id=person.id, date_start=date(2026, 1, 1)
        )
        cadence = self._new(
            'crm.cadence',
            name='Follow-up',
            step_ids=[Command.create({'kind': 'call', 'summary': 'Ask'})],
        )
        segment = self._new('crm.segment', name='Good', include_partner_ids=person.ids)
        other = self._new('res.partner', name='Nerea Q.')
        return {
            'res.partner': person,
            'crm.lead': lead,
            'crm.lead.merge': self.env['crm.lead.merge'].search([('lead_id', '=', lead.id)]),
            'crm.duplicate.merge': person.crm_merge_ids,
            'crm.duplicate': self._new(
                'crm.duplicate',
                partner_ids=(person | other).ids,
                reason='name',
                reasons=[],
                strength=40,
            ),
            'crm.call': self._new('crm.call', name='Nerea calls', partner_id=person.id),
            'crm.capture.consent': self._new_consent(),
            'crm.capture.suspect': self._new_suspect(email=EMAIL),
            'crm.visit': self._new_visit(cases['service.ticket'][0], person),
            'crm.cadence.run': self.env['crm.cadence.run']._start(cadence, lead).sudo(),
            'service.claim': cases['service.claim'][0],
            'service.ticket': cases['service.ticket'][0],
            'service.case.merging': self.env['service.case.merging'].search(
                [('survivor_ref', 'in', [case.id for case in cases['service.ticket']])]
            ),
            'service.mail': self._new_mail(),
            'service.recurrence': self._new(
                'service.recurrence',
                name='Care',
                partner_id=person.id,
                team_id=team.id,
                date_start=date(2026, 1, 1),
            ),
            'crm.contract': contract,
            'crm.contract.amendment': self._new('crm.contract.amendment', contract_id=contract.id),
            'crm.segment': segment,
            'crm.segment.membership': self._new(
                'crm.segment.membership',
                segment_id=segment.id,
                partner_id=person.id,
                date_in='2026-03-02 09:00:00',
                reason='included',
            ),
        }

    def _new_consent(self):
        return self._new(
            'crm.capture.consent',
            form_id=self.form.id,
            company_id=self.env.company.id,
            email=EMAIL,
            date='2026-03-02 09:00:00',
            address='203.0.113.77',
        )

    def _new_suspect(self, **values):
        return self._new(
            'crm.capture.suspect',
            form_id=self.form.id,
            date='2026-03-02 09:00:00',
            reason='rate',
            digest=str(hash(str(values))),
            **{'name': NAME, 'content': 'Nerea asks', **values},
        )

    def _new_visit(self, document, person):
        return self._new(
            'crm.visit',
            res_model=document._name,
            res_id=document.id,
            partner_id=person.id,
            company_id=self.env.company.id,
            date='2026-03-02 09:00:00',
            day='2026-03-02',
        )

    def _new_mail(self):
        return self._new(
            'service.mail', subject='Out', email_from=f'{NAME} <{EMAIL}>', reason='absence'
        )

    def _look_up(self, **values):
        wizard = self.env['privacy.lookup.wizard'].create({'name': NAME, 'email': EMAIL, **values})
        wizard.action_lookup()
        self.assertIn('crm.', str(wizard.line_ids.mapped('res_model')))
        return {(line.res_model, line.res_id) for line in wizard.line_ids}

    # === WHAT IS DECLARED === #

    def _is_telling(self, field):
        if not field.store or field.type not in ('char', 'text', 'many2one', 'many2many'):
            return False
        is_link = field.comodel_name == 'res.partner'
        return is_link or (not field.comodel_name and any(part in field.name for part in TELLING))

    def _get_telling_models(self):
        merges = self.env.registry['crm.merge.mixin'], self.env.registry['crm.merge.source.mixin']
        return {
            model._name
            for model in models_of_ours(self.env)
            if model._auto
            and not model._abstract
            and not model._transient
            and (isinstance(model, merges) or any(map(self._is_telling, model._fields.values())))
        }

    def test_every_model_that_tells_of_a_person_is_looked_up_or_excused(self):
        declared = {
            records._name for records, _names in self.env['res.partner']._get_crm_whole_data()
        }
        telling = self._get_telling_models()
        self.assertGreater(len(telling), 15)
        self.assertEqual(telling - declared - EXCUSED.keys(), set())
        self.assertEqual(declared & EXCUSED.keys(), set(), 'what is looked up needs no excuse')

    # === WHAT IS FOUND, PRINTED, FORGOTTEN === #

    def test_all_of_a_contact_is_found_printed_and_forgotten(self):
        person = self._new_person()
        records = self._make_all(person)
        whole = person._get_crm_whole_data()
        self.assertEqual(records.keys(), {found._name for found, _names in whole})
        found = self._look_up()
        titles = [title for title, _rows in person.with_user(self.manager)._get_crm_known()]
        for model_name, record in records.items():
            with self.subTest(model=model_name):
                self.assertTrue(record)
                self.assertLessEqual({(model_name, one.id) for one in record}, found)
                self.assertIn(self.env['ir.model']._get(model_name).name, titles)
        self.assertEqual(len(found), len(set(found)))
        person.with_user(self.manager)._anonymise()
        self.env.flush_all()
        beside = ('mail.message', 'crm.lead.merge.source', 'crm.duplicate.trait')
        for model_name in (*records, *beside):
            with self.subTest(model=model_name):
                self.assertFalse(self._find_text(model_name), 'nothing names the person any more')
        for model_name in ('crm.visit', 'crm.lead.merge', 'service.case.merging'):
            self.assertFalse(records[model_name].exists(), model_name)
        for model_name in ('crm.contract', 'crm.cadence.run', 'crm.segment.membership'):
            self.assertTrue(records[model_name].exists(), model_name)

    def _find_text(self, model_name):
        """Return the rows in which the person's name, address or number still stands."""
        self.env.cr.execute(
            f'SELECT id FROM "{self.env[model_name]._table}" AS document'
            " WHERE document::text ~* 'nerea|quiroga|655 ?010 ?203'"
            "   AND NOT document::text ~ 'Nerea Q\\.'"
        )
        return self.env.cr.fetchall()

    def test_who_is_no_contact_is_found_by_address_and_number(self):
        leads = self.env['crm.lead']
        mine = {
            leads.create({'name': 'By mail', 'email_from': f'N <{EMAIL.upper()}>'}),
            leads.create({'name': 'By phone', 'phone': '655010203'}),
            self._new('crm.call', name='Somebody calls', phone='+34655010203'),
            self._new_suspect(phone='655 01 02 03'),
            self._new_mail(),
        }
        others = {
            leads.create({'name': 'Other', 'email_from': 'x@quiroga.example.com', 'phone': PHONE}),
            leads.create({'name': 'Longer', 'email_from': f'a{EMAIL}'}),
            self._new_suspect(name='Other', phone='655 01 02 04'),
        }
        found = self._look_up(crm_phone='0034 655-01-02-03')
        for record in mine:
            self.assertIn((record._name, record.id), found, record)
        for record in others - {one for one in others if one.name == 'Longer'}:
            self.assertNotIn((record._name, record.id), found, record)
        person = self.env['res.partner'].create({'name': NAME, 'email': EMAIL, 'phone': PHONE})
        known = str(person.with_user(self.manager)._get_crm_known())
        for text in ('By mail', 'By phone', 'Somebody calls', 'Out'):
            self.assertIn(text, known)
        for text in ('Longer', 'Other'):
            self.assertNotIn(text, known)
        self.env['res.partner'].create({'name': 'Her desk', 'phone': PHONE})
        self.assertNotIn(
            'By phone',
            str(person.with_user(self.manager)._get_crm_known()),
            'a number that others have tells of nobody',
        )

    def test_contact_opens_the_look_up_with_its_number(self):
        person = self.env['res.partner'].create({'name': NAME, 'email': EMAIL, 'phone': PHONE})
        context = person.action_privacy_lookup()['context']
        self.assertEqual(
            context,
            {'default_name': NAME, 'default_email': EMAIL, 'default_crm_phone': PHONE},
        )
        self.env['res.partner'].create({'name': 'Pedro', 'phone': PHONE})
        context = person.action_privacy_lookup()['context']
        self.assertFalse(context['default_crm_phone'], 'a number of several people')

    def test_consent_is_of_whose_lead_it_came_with(self):
        mailbox = 'info@quiroga.example.com'
        person, other = self.env['res.partner'].create(
            [{'name': name, 'email': mailbox} for name in (NAME, 'Luis')]
        )
        consents = {}
        for partner in (person, other):
            lead = self._new('crm.lead', name='Web', partner_id=partner.id, email_from=mailbox)
            consents[partner] = self._new(
                'crm.capture.consent',
                form_id=self.form.id,
                lead_id=lead.id,
                company_id=self.env.company.id,
                email=mailbox,
                date='2026-03-01 10:00:00',
            )
        person.email = EMAIL
        person.with_user(self.manager)._anonymise()
        self.env.invalidate_all()
        self.assertFalse(consents[person].email, 'sent with a former address')
        self.assertEqual(consents[other].email, mailbox)

    def test_visits_outlive_the_addon_of_their_document(self):
        visit = self._new(
            'crm.visit',
            res_model='gone.model',
            res_id=1,
            partner_id=self.manager.partner_id.id,
            commercial_partner_id=self.manager.partner_id.id,
            company_id=self.env.company.id,
            date='2026-03-01 10:00:00',
            day='2026-03-01',
        )
        self.assertFalse(visit.name)

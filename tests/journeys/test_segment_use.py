"""What segments decide where all apps are installed: promises, price lists, audiences."""

from ast import literal_eval

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools import SQL


@tagged('post_install', '-at_install')
class TestSegmentUse(TransactionCase):
    """Alba is a gold customer and a fan; Ana works for her. Brisa is nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alba, cls.brisa = cls.env['res.partner'].create(
            [{'name': name, 'is_company': True} for name in ('Alba', 'Brisa')]
        )
        cls.ana = cls.env['res.partner'].create({'name': 'Ana', 'parent_id': cls.alba.id})
        cls.gold = cls.make('Gold')
        cls.fans = cls.make('Fans')
        cls.agent = new_test_user(cls.env, 'segment_agent', 'crm_claims.crm_claims_group_manager')

    @classmethod
    def make(cls, name):
        segment = cls.env['crm.segment'].create(
            {
                'name': name,
                'mode': 'manual',
                'include_partner_ids': [Command.set(cls.alba.ids)],
            }
        )
        segment.action_apply()
        return segment

    # === PROMISES === #

    def make_ticket(self, partner):
        return (
            self.env['service.ticket']
            .with_user(self.agent)
            .create({'name': 'Help', 'partner_id': partner.id})
        )

    def test_promise_is_made_to_the_customers_of_a_segment(self):
        policies = self.env['service.sla.policy']
        policies.search([]).action_archive()
        policy = policies.create(
            {
                'name': 'Gold',
                'sequence': 1,
                'resolution_hours': 4,
                'crm_segment_ids': [Command.set(self.gold.ids)],
            }
        )
        others = policies.create({'name': 'All', 'sequence': 2, 'resolution_hours': 40})
        mine, of_company, foreign = map(self.make_ticket, (self.ana, self.alba, self.brisa))
        for ticket, promised in ((mine, policy), (of_company, policy), (foreign, others)):
            self.assertEqual(ticket.sudo().sla_clock_ids.policy_id, promised)
        seen = policy.with_user(self.agent)
        action = seen.action_view_open_tickets()
        found = self.env['service.ticket'].with_user(self.agent).search(action['domain'])
        self.assertEqual(len(found), seen.open_ticket_count)
        self.assertLessEqual(mine | of_company, found)
        self.assertNotIn(foreign, found)
        later = self.make_ticket(self.ana)
        self.assertEqual(found.search(action['domain']) - found, later, 'no list of ids')

    # === PRICE LISTS === #

    def use_pricelists(self):
        self.env.ref('base.group_user').implied_ids += self.env.ref(
            'product.group_product_pricelist'
        )

    def make_pricelists(self):
        """Return the one for everybody and the one for Gold."""
        self.use_pricelists()
        return self.env['product.pricelist'].create(
            [
                {'name': 'Plain', 'sequence': 0},
                {'name': 'Gold', 'sequence': 1, 'crm_segment_ids': [Command.set(self.gold.ids)]},
            ]
        )

    def assert_pricelist(self, partner, pricelist, message=None):
        partner.invalidate_recordset()
        self.assertEqual(partner.property_product_pricelist, pricelist, message)

    def test_first_price_list_of_a_segment_is_the_customers(self):
        self.use_pricelists()
        plain, first, second, chosen = self.env['product.pricelist'].create(
            [
                {'name': 'Plain', 'sequence': 0},
                {'name': 'Gold', 'sequence': 1, 'crm_segment_ids': [Command.set(self.gold.ids)]},
                {'name': 'Fans', 'sequence': 2, 'crm_segment_ids': [Command.set(self.fans.ids)]},
                {'name': 'Chosen', 'sequence': 99},
            ]
        )
        everybody = self.alba | self.ana | self.brisa
        everybody.invalidate_recordset()
        self.assertEqual(self.alba.property_product_pricelist, first)
        self.assertEqual(self.ana.property_product_pricelist, first)
        self.assertEqual(self.brisa.property_product_pricelist, plain)
        first.sequence = 3
        everybody.invalidate_recordset()
        self.assertEqual(self.alba.property_product_pricelist, second)
        self.alba.property_product_pricelist = chosen
        everybody.invalidate_recordset()
        self.assertEqual(self.alba.property_product_pricelist, chosen, 'chosen by hand')
        self.gold.include_partner_ids += self.brisa
        self.gold.action_apply()
        everybody.invalidate_recordset()
        self.assertEqual(self.brisa.property_product_pricelist, first)
        self.brisa.property_product_pricelist = plain
        everybody.invalidate_recordset()
        self.assertEqual(self.brisa.property_product_pricelist, plain, 'chosen by hand')
        order = self.env['sale.order'].create({'partner_id': self.alba.id})
        self.assertEqual(order.pricelist_id, chosen)

    def test_price_list_of_a_segment_holds_while_the_form_is_edited_and_is_not_chosen(self):
        plain, gold = self.make_pricelists()
        with Form(self.alba) as form:
            form.country_id = self.env.ref('base.es')
            self.assertEqual(form.property_product_pricelist, gold)
        with Form(self.env['res.partner']) as form:
            form.name = 'Adela'
            self.assertEqual(form.property_product_pricelist, plain)
            form.parent_id = self.alba
            self.assertEqual(form.property_product_pricelist, gold)
        everybody = self.alba | form.record
        for partner in everybody:
            self.assert_pricelist(partner, gold)
        self.assertFalse(everybody.specific_property_product_pricelist)
        self.gold.include_partner_ids -= self.alba
        self.gold.action_apply()
        for partner in everybody:
            self.assert_pricelist(partner, plain)

    def test_price_list_of_a_segment_keeps_to_its_countries(self):
        plain, gold = self.make_pricelists()
        spain = self.env.ref('base.es')
        gold.country_group_ids = self.env['res.country.group'].create(
            {'name': 'Iberia', 'country_ids': [Command.set(spain.ids)]}
        )
        self.assert_pricelist(self.alba, plain)
        with Form(self.alba) as form:
            form.country_id = spain
            self.assertEqual(form.property_product_pricelist, gold)
        self.assert_pricelist(self.alba, gold)

    def test_archived_price_list_is_nobodys(self):
        plain, gold = self.make_pricelists()
        chosen = self.env['product.pricelist'].create({'name': 'Chosen', 'sequence': 99})
        self.alba.property_product_pricelist = chosen
        self.assert_pricelist(self.alba, chosen)
        chosen.action_archive()
        self.assert_pricelist(self.alba, gold)
        gold.action_archive()
        self.assert_pricelist(self.alba.with_context(active_test=False), plain)

    # === DRAFTS AND ARCHIVED SEGMENTS === #

    def test_archived_segment_holds_for_nobody(self):
        plain, gold = self.make_pricelists()
        policies = self.env['service.sla.policy']
        policies.search([]).action_archive()
        promise = {'name': 'Gold', 'crm_segment_ids': [Command.set(self.gold.ids)]}
        policy = policies.create({**promise, 'resolution_hours': 4})
        self.assert_pricelist(self.alba, gold)
        self.assertEqual(self.make_ticket(self.alba).sudo().sla_clock_ids.policy_id, policy)
        self.archive_unasked()
        self.assertEqual(gold.crm_segment_ids, self.gold)
        for partner in self.alba | self.brisa:
            self.assert_pricelist(partner, plain)
            self.assertFalse(self.make_ticket(partner).sudo().sla_clock_ids)
        gold.crm_segment_ids += self.fans
        self.assert_pricelist(self.alba, gold, 'the others still hold')

    def archive_unasked(self):
        """Archive Gold as before anything asked what holds for its customers."""
        self.env.cr.execute(
            SQL('UPDATE crm_segment SET active = FALSE WHERE id = %s', self.gold.id)
        )
        self.gold.invalidate_recordset()

    def test_segment_stays_while_something_holds_for_its_customers(self):
        audience = {'crm_segment_ids': [Command.set(self.gold.ids)]}
        pricelist = self.env['product.pricelist'].create({'name': 'Prices for Gold', **audience})
        policy = self.env['service.sla.policy'].create({'name': 'Promise to Gold', **audience})
        campaign = self.env['utm.campaign'].create({'title': 'Campaign for Gold', **audience})
        policy.action_archive()
        manager = new_test_user(self.env, 'segment_gold', 'sales_team.group_sale_manager')
        gold = self.gold.with_user(manager)
        named = 'Prices for Gold.*Promise to Gold.*Campaign for Gold.*segment Gold,'
        for step in (gold.action_draft, gold.action_archive, gold.unlink):
            with self.assertRaisesRegex(UserError, named), self.env.cr.savepoint():
                step()
        self.assertEqual((gold.active, gold.state, gold.member_count), (True, 'active', 1))
        for record in (pricelist, policy, campaign):
            record.crm_segment_ids = self.fans
        gold.action_draft()
        gold.action_archive()
        self.assertEqual((gold.active, gold.state), (False, 'draft'))

    def test_drafts_are_not_offered_and_those_that_are_kept_are_named(self):
        draft = self.fans.copy({'name': 'Draft'})
        pricelist = self.env['product.pricelist'].create(
            {'name': 'x', 'crm_segment_ids': [Command.set(self.gold.ids)]}
        )
        arch = etree.fromstring(pricelist.get_view(view_type='form')['arch'])
        (node,) = arch.xpath("//field[@name='crm_segment_ids']")
        offered = self.env['crm.segment'].search(literal_eval(node.get('domain')))
        self.assertLessEqual(self.gold | self.fans, offered)
        self.assertNotIn(draft, offered)
        with Form(pricelist) as form:
            self.assertFalse(form.crm_segment_warning)
            form.crm_segment_ids.add(draft)
            self.assertIn('through Draft:', form.crm_segment_warning)
        self.archive_unasked()
        pricelist.invalidate_recordset()
        self.assertIn('Gold and Draft:', pricelist.crm_segment_warning)
        draft.action_apply()
        self.gold.action_unarchive()
        self.assertFalse(pricelist.crm_segment_warning)

    # === CAMPAIGNS === #

    def test_campaign_opens_its_audience(self):
        campaign = self.env['utm.campaign'].create(
            {'title': 'Gold', 'crm_segment_ids': [Command.set(self.gold.ids)]}
        )
        seller = new_test_user(self.env, 'segment_campaign', 'sales_team.group_sale_salesman')
        action = campaign.with_user(seller).action_view_crm_audience()
        found = self.env['res.partner'].with_user(seller).search(action['domain'])
        self.assertEqual(found, self.alba | self.ana)

    def test_nobody_uses_a_segment_that_he_may_not_read(self):
        elsewhere = self.env['res.company'].create({'name': 'Segment Company B'})
        self.gold.company_id = elsewhere
        manager = new_test_user(self.env, 'segment_use', 'sales_team.group_sale_manager')
        campaigns = self.env['utm.campaign'].with_user(manager)
        with self.assertRaises(AccessError):
            campaigns.create({'title': 'x', 'crm_segment_ids': [Command.set(self.gold.ids)]})

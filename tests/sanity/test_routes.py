"""Every address of ours answers whatever is thrown at it, and never with an error of ours."""

import inspect
import io
import json
import re

from odoo import Command
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from tests.suite import ADDONS

HUGE = 10**30
# What no page expects. One text is in every query, whatever the name.
VALUES = ('1', '-1', 'null\0byte', 'no ASCII: ñ²', '9' * 100, '9999-12-31', "'; --")
# Too long for all names at once.
LONG = '9' * 5000
# What our pages call of Odoo's portal.
HELPERS_OF_ODOO = {'_document_check_access', '_get_page_view_values', '_show_report'}
# Odoo's own wrapper of every route takes these names for itself.
NAMES_OF_ODOO = {'self', 'args', 'params', 'csrf_token', 'db', 'debug'}


@tagged('post_install', '-at_install')
class TestRoutes(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env['res.partner'].create({'name': 'Bodegas Alba', 'is_company': True})
        contact = cls.env['res.partner'].create({'name': 'Rosa', 'parent_id': company.id})
        cls.customer = new_test_user(
            cls.env, 'routes_customer', 'base.group_portal', partner_id=contact.id
        )
        cls.ticket, cls.claim = (
            cls.env[model_name].create({'name': 'Known', 'partner_id': contact.id})
            for model_name in ('service.ticket', 'service.claim')
        )
        cls.contract = cls.env['crm.contract'].create(
            {
                'name': 'Known',
                'partner_id': contact.id,
                'date_start': '2026-01-01',
                'date_end': '2026-12-31',
                'portal_show_hours': True,
                'fixed_amount': 1200.0,
            }
        )
        cls.contract.action_confirm()
        cls.annex = cls.env['crm.contract.amendment'].create(
            {
                'contract_id': cls.contract.id,
                'date': '2026-06-01',
                'line_ids': [Command.create({'action': 'add', 'name': 'More', 'price_unit': 10.0})],
            }
        )
        cls.annex.action_mark_offered()
        cls.form, cls.case_form = cls.env['crm.capture.form'].create(
            [
                {'name': 'Website'},
                {'name': 'Help', 'service_team_id': cls.ticket.team_id.id},
            ]
        )

    def get_documents(self):
        """Return what stands in a place of an address, the document of the customer first."""
        return {
            'kind': ['tickets', 'claims', 'secrets'],
            'case_id': [self.ticket.id, self.claim.id, -1, 0, HUGE],
            'contract_id': [self.contract.id, -1, 0, HUGE],
            'annex_id': [self.annex.id, -1, 0, HUGE],
            'page': [1, 0, -1, HUGE],
            'dashboard': [self.env.ref('crm_extended.crm_dashboard_pipeline').id, 0],
            'move': ['close', 'reopen', 'other'],
            'token': [self.form.token, self.case_form.token, 'guess', '%00', '%C3%B1'],
        }

    # === OUR ROUTES === #

    def get_routes(self):
        """Return [(rule, method, names of parameters behind it)] of all that is ours."""
        routes = []
        modules = self.env.registry._init_modules
        for rule, endpoint in self.env['ir.http']._generate_routing_rules(modules, None):
            method = endpoint.func
            if self.get_addon(method.original_endpoint) in ADDONS:
                verbs = set(endpoint.routing['methods'] or ('GET', 'POST')) - {'OPTIONS'}
                names = self.get_names(type(method.__self__))
                routes += [(rule, verb, names) for verb in sorted(verbs)]
        self.assertTrue(routes)
        return routes

    def get_addon(self, function):
        parts = function.__module__.split('.')
        return parts[2] if parts[:2] == ['odoo', 'addons'] else None

    def get_names(self, controller):
        """Return the names of the parameters of the functions that a page may come through."""
        functions = [
            getattr(function, 'original_endpoint', function)
            for _name, function in inspect.getmembers(controller, inspect.isfunction)
        ]
        ours = [
            function
            for function in functions
            if self.get_addon(function) in ADDONS or function.__name__ in HELPERS_OF_ODOO
        ]
        names = {name for one in ours for name in inspect.signature(one).parameters}
        return sorted(names - NAMES_OF_ODOO)

    def get_addresses(self, rule):
        """Return the addresses of a route: all places known, then each of them odd in turn."""
        documents = self.get_documents()
        places = re.findall(r'<(?:[^<>]*:)?(\w+)>', rule)
        known = {place: documents[place][0] for place in places}
        odd = [{**known, place: value} for place in places for value in documents[place][1:]]
        return [
            re.sub(r'<(?:[^<>]*:)?(\w+)>', lambda found, one=one: str(one[found[1]]), rule)
            for one in (known, *odd)
        ]

    # === ATTACKS === #

    def assert_answered(self, url, **request):
        if 'data' in request or 'files' in request:
            token = Request.csrf_token(self)
            request['data'] = {**request.get('data', {}), 'csrf_token': token}
        with self.subTest(url=url[:100], request=str(request)[:300]):
            response = self.url_open(url, allow_redirects=False, **request)
            self.assertLess(response.status_code, 500)

    def attack(self, rule, verb, names):
        for address in self.get_addresses(rule):
            for value in VALUES:
                self.throw(address, verb, dict.fromkeys(names, value))
            if verb == 'POST':
                files = {name: (f'{name}.txt', io.BytesIO(b'x')) for name in names}
                self.assert_answered(address, files=files)

    def throw(self, address, verb, values):
        if verb == 'GET':
            self.assert_answered(address, params=values)
            self.assert_answered(address, params={f'{name}[]': values[name] for name in values})
        else:
            self.assert_answered(address, data=values)

    def enter_as(self, login):
        self.authenticate(login, login)

    @mute_logger('odoo.http', 'werkzeug')
    def test_nothing_makes_an_address_fail_for_the_public(self):
        self.enter_as(None)
        for rule, verb, names in self.get_routes():
            self.attack(rule, verb, names)

    @mute_logger('odoo.http', 'werkzeug')
    def test_nothing_makes_an_address_fail_for_a_customer(self):
        self.enter_as('routes_customer')
        for rule, verb, names in self.get_routes():
            self.attack(rule, verb, names)

    @mute_logger('odoo.http', 'werkzeug')
    def test_no_single_name_takes_the_place_of_an_argument(self):
        """One by one: several at once may lead to an early answer."""
        self.enter_as('routes_customer')
        for rule, verb, names in self.get_routes():
            address = self.get_addresses(rule)[0]
            for name in names:
                for value in ('1', LONG):
                    values = {'params' if verb == 'GET' else 'data': {name: value}}
                    self.assert_answered(address, **values)

    @mute_logger('odoo.http', 'werkzeug')
    def test_files_with_hostile_names_are_answered(self):
        self.enter_as('routes_customer')
        for rule, verb, names in self.get_routes():
            if verb == 'POST':
                address = self.get_addresses(rule)[0]
                for filename in ('x' * 5000, '../../etc/passwd', 'n\0l', '\n', 'ñ.txt'):
                    files = [(name, (filename, io.BytesIO(b'x'))) for name in names]
                    files.append(('attachments', (filename, io.BytesIO(b'x'))))
                    self.assert_answered(address, data={'name': 'With files'}, files=files)

    @mute_logger('odoo.http', 'werkzeug')
    def test_hostile_json_is_answered(self):
        self.enter_as(None)
        names = ('name', 'subject', 'email', 'phone', 'message', 'utm_source', 'redirect')
        bodies = [
            json.dumps(dict.fromkeys(names, value))
            for value in (*VALUES, 1, None, True, [], {}, ['x'], {'x': 'y'}, '\ud800', 1e300)
        ]
        bodies += ['', '[]', 'null', '"x"', '{', '[' * 50000]
        for rule, verb, _names in self.get_routes():
            if verb == 'POST' and 'capture' in rule:
                for body in bodies:
                    with self.subTest(body=body[:100]):
                        response = self.url_open(
                            self.get_addresses(rule)[0],
                            data=body,
                            headers={'Content-Type': 'application/json'},
                        )
                        self.assertLess(response.status_code, 500)

    def test_all_our_controllers_are_looked_at(self):
        rules = ' '.join(rule for rule, _verb, _names in self.get_routes())
        for part in ('/my/service/', '/my/crm-contracts', '/crm/capture/', '/service/form/'):
            self.assertIn(part, rules)

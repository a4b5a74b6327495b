"""Plays the events of the fortnight in Odoo: mails through the gateway, agents as themselves."""

from collections import Counter
from email.message import EmailMessage
from email.utils import format_datetime

from odoo import Command, fields
from odoo.tests import Form, freeze_time

from .fortnight_clock import get_local
from .fortnight_setup import DOMAIN, FortnightSetup

CRONS = [
    f'crm_claims.ir_cron_{name}'
    for name in ('service_sla', 'follow_up_waiting', 'wake_snoozed', 'request_ratings')
]
COMPOSER = 'mail.email_compose_message_wizard_form'
KINDS = ('service.ticket', 'service.claim')


class FortnightPlayer(FortnightSetup):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.macro = cls.env['service.macro'].create(
            {
                'name': 'Ask for the serial number',
                'user_id': False,
                'body': '<p>Dear <t t-out="object.partner_id.name"/></p>',
                'stage_kind': 'waiting',
                'assignee': 'me',
            }
        )
        cls.cases = {}
        cls.mail_number = 0
        cls.last_ids = {name: cls.get_last_id(name) for name in KINDS}

    # === TIME === #

    def at(self, moment):
        return freeze_time(moment)

    def run_crons(self, moment):
        for xmlid in CRONS:
            self.env.flush_all()
            with self.at(moment), self.enter_registry_test_mode():
                self.env.ref(xmlid).method_direct_trigger()
        self.env.invalidate_all()

    def get_triggers(self):
        crons = self.env['ir.cron'].concat(*map(self.env.ref, CRONS))
        triggers = self.env['ir.cron.trigger'].search([('cron_id', 'in', crons.ids)])
        return triggers.mapped('call_at')

    # === WHO WAS TOLD === #

    def forget(self):
        self.env.flush_all()
        self.last_told = self.get_last_id('mail.notification')

    def get_told(self):
        """Return {(name or address, way): how often} since it was last asked."""
        self.env.flush_all()
        told = self.env['mail.notification'].search([('id', '>', self.last_told)])
        self.forget()
        return Counter(
            (row.res_partner_id.name or row.mail_email_address, row.notification_type)
            for row in told
        )

    # === WHO AND WHICH === #

    @classmethod
    def get_last_id(cls, model_name):
        records = cls.env[model_name].with_context(active_test=False)
        return records.search([], limit=1, order='id desc').id

    def find_new(self):
        """Return what was opened since the last step."""
        return [
            case
            for name, last_id in self.last_ids.items()
            for case in self.env[name]
            .with_context(active_test=False)
            .search([('id', '>', last_id)], order='id')
        ]

    def learn_new_cases(self):
        """Give what was opened the names that the model gave it."""
        self.env.flush_all()
        self.env.invalidate_all()
        keys = [key for key in self.model.cases if key not in self.cases]
        cases = self.find_new()
        self.assertEqual(len(cases), len(keys), 'cases opened')
        self.cases.update(zip(keys, cases, strict=True))
        self.last_ids = {name: self.get_last_id(name) for name in KINDS}

    def case_for(self, key, actor):
        return self.cases[key].with_user(self.users[actor]).with_context(active_test=False)

    def get_address(self, name):
        if '@' in name:
            return name
        owner = self.users.get(name) or self.contacts[name]
        return f'{name} <{owner.email}>'

    # === MAILS === #

    def compose(self, sender, to, subject='La prensa pierde aceite', body='Gotea.', **heads):
        mail = EmailMessage()
        type(self).mail_number += 1
        for name, value in {
            'From': self.get_address(sender),
            'To': to,
            'Subject': subject,
            'Date': format_datetime(fields.Datetime.now()),
            'Message-Id': f'<fortnight-{self.mail_number}@example.com>',
            **{name.replace('_', '-'): value for name, value in heads.items()},
        }.items():
            mail[name] = value
        mail.set_content(body)
        return mail

    def receive(self, mail):
        self.env['mail.thread'].message_process(None, mail.as_bytes())

    def find_message(self, case, ours=True):
        """Return the last message of ours to the customer, or of the customer."""
        types = ('comment', 'auto_comment') if ours else ('email',)
        return case.message_ids.filtered(lambda m: m.message_type in types).sorted('id')[-1:]

    def play_mail(self, key, sender, team, kind='ticket'):
        self.receive(self.compose(sender, self.addresses[team, kind]))

    def play_reply(self, key, sender, by_number=False, **heads):
        case = self.cases[key]
        team = 'claims' if case._name == 'service.claim' else 'first'
        to = self.addresses[team, case._name.partition('.')[2]]
        if by_number:
            mail = self.compose(sender, to, f'Sobre [{case.number}]')
        else:
            sent = self.find_message(case)
            mail = self.compose(sender, to, 'Re: la prensa', References=sent.message_id, **heads)
        self.receive(mail)

    def play_machine(self, key, sender):
        self.play_reply(key, sender, Auto_Submitted='auto-replied', Precedence='bulk')

    def play_bounce(self, key):
        sent = self.find_message(self.cases[key])
        mail = self.compose(
            'mailer-daemon@example.com',
            f'bounces@{DOMAIN}',
            'Undelivered Mail Returned to Sender',
            References=sent.message_id,
        )
        self.receive(mail)

    def play_junk(self, team):
        to = self.addresses[team, 'ticket']
        self.receive(self.compose('promo@ofertas.example.com', to, X_Spam_Flag='YES'))
        kept = self.env['service.mail'].search([], limit=1, order='id desc')
        self.assertEqual(kept.reason, 'spam')

    def play_forward(self, key, colleague, customer, team, is_attached=False):
        original = self.compose(customer, self.get_address(colleague))
        body = (
            'Para vosotros.'
            if is_attached
            else (
                f'Os paso esto.\n\nDe: {self.get_address(customer)}\n'
                'Enviado: martes, 20 de octubre de 2026 9:40\n'
                f'Para: {self.get_address(colleague)}\nAsunto: La prensa\n\nPierde aceite.'
            )
        )
        mail = self.compose(colleague, self.addresses[team, 'ticket'], 'RV: La prensa', body)
        if is_attached:
            mail.add_attachment(original)
        self.receive(mail)

    def play_colleague_mail(self, key, sender, readers):
        case = self.cases[key]
        heard = self.find_message(case, ours=False)
        to = self.addresses['first', 'ticket']
        self.receive(self.compose(sender, to, 'Re: la prensa', References=heard.message_id))

    def play_portal(self, key, sender):
        case = self.cases[key].with_user(self.portal_users[sender])
        case.message_post(
            body='¿Se sabe algo?', message_type='comment', subtype_xmlid='mail.mt_comment'
        )

    # === AGENTS === #

    def play_confirm(self, key, actor):
        self.case_for(key, actor).action_confirm_forward()

    def open_composer(self, case):
        action = case.action_answer()
        composers = case.env['mail.compose.message'].with_context(**action['context'])
        return Form(composers, view=COMPOSER)

    def play_write(self, key, actor, then=None):
        form = self.open_composer(self.case_for(key, actor))
        form.body = '<p>Lo miramos.</p>'
        composer = form.save()
        send = {None: 'mail', 'waiting': 'and_wait', 'solved': 'and_solve'}[then]
        getattr(composer, f'action_send_{send}')()

    def play_macro(self, keys, actor):
        for key in keys:
            form = self.open_composer(self.case_for(key, actor))
            form.service_macro_id = self.macro.with_user(self.users[actor])
            form.save().action_send_mail()

    def play_note(self, key, actor, mention=None):
        self.case_for(key, actor).message_post(
            body='Mira esto',
            subtype_xmlid='mail.mt_note',
            partner_ids=self.users[mention].partner_id.ids if mention else [],
        )

    def play_assign(self, key, user, actor):
        if user == actor:
            self.case_for(key, actor).action_assign_to_me()
        else:
            self.case_for(key, actor).user_id = self.users[user]

    def play_move(self, key, team, actor):
        self.case_for(key, actor).team_id = self.teams[team]

    def play_lift(self, key, actor):
        self.case_for(key, actor).action_escalate()

    def play_stage(self, key, stage, actor):
        case = self.case_for(key, actor)
        {'solved': case.action_solve, 'rejected': case.action_reject}[stage]()

    def play_snooze(self, key, actor, day, until):
        self.case_for(key, actor).action_snooze(day)

    def play_archive(self, key, actor):
        self.case_for(key, actor).action_archive()

    def play_unarchive(self, key, actor):
        self.case_for(key, actor).action_unarchive()

    def play_mark_spam(self, key, actor):
        self.case_for(key, actor).action_mark_spam()

    def play_call(self, key, actor, customer, team):
        calls = self.env['crm.call'].with_user(self.users[actor])
        call = calls.create(
            {
                'name': 'La prensa',
                'direction': 'inbound',
                'state': 'held',
                'partner_id': self.contacts[customer].id,
            }
        )
        call.action_create_service_ticket()

    def play_enter(self, key, actor, customer, team, kind):
        self.env[f'service.{kind}'].with_user(self.users[actor]).create(
            {
                'name': 'Corchos que huelen',
                'partner_id': self.contacts[customer].id,
                'team_id': self.teams[team].id,
                'against': 'supplier',
            }
        )

    def play_load(self, rows, actor, customer, team):
        tickets = self.env['service.ticket'].with_user(self.users[actor])
        columns = ['name', 'partner_id/.id', 'team_id/.id', 'date_open', 'date_closed']
        result = tickets.load(
            columns,
            [
                [
                    key,
                    str(self.contacts[customer].id),
                    str(self.teams[team].id),
                    *(str(get_local(moment, self.zone))[:19] for moment in (opened, closed)),
                ]
                for key, opened, closed in rows
            ],
        )
        self.assertFalse(result['messages'])

    @property
    def zone(self):
        return self.model.cases['A'].team.hours.zone

    def play_leave(self, person):
        self.users[person].active = False

    # === MERGES AND OPINIONS === #

    def play_merge(self, keys, actor):
        first, *others = (self.case_for(key, actor) for key in keys)
        dialogs = first.env['service.case.merge'].with_context(
            active_model=first._name, active_ids=first.ids
        )
        dialog = dialogs.create({'ticket_ids': [Command.set([case.id for case in others])]})
        dialog.action_merge()

    def play_unmerge(self, key, actor):
        self.case_for(key, actor).action_undo_merge()

    def play_rate(self, key, value, comment):
        """The customer follows the link of the mail; what follows is the controller's."""
        case = self.cases[key].sudo()
        case.rating_apply(value, token=case.rating_ids.access_token, feedback=comment)

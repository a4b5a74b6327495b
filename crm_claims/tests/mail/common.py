from email.message import EmailMessage

from ..common import ServiceCommon

DOMAIN = 'altozano-services.example.com'


class ServiceMailCommon(ServiceCommon):
    """The repairs team has an address for each kind of case, and mails arrive."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The context of Odoo's BaseCommon would switch off what mails do.
        cls.env = cls.env(context={**cls.env.context, 'mail_notrack': False})
        cls.domain = cls.env['mail.alias.domain'].create(
            {'name': DOMAIN, 'bounce_alias': 'bounces', 'catchall_alias': 'post'}
        )
        cls.env.company.alias_domain_id = cls.domain
        cls.ticket_address, cls.claim_address = cls.env['service.team.alias'].create(
            [
                {
                    'team_id': cls.repairs.id,
                    'case_model': f'service.{kind}',
                    'alias_name': f'repairs-{kind}s',
                    'alias_domain_id': cls.domain.id,
                }
                for kind in ('ticket', 'claim')
            ]
        )
        cls.to_tickets = cls.ticket_address.alias_full_name
        cls.to_claims = cls.claim_address.alias_full_name

    @classmethod
    def compose(cls, body='It drips on the floor.', **heads):
        """Return a mail of Lucía's, as bytes; a head that is None is left out."""
        cls.mail_number = getattr(cls, 'mail_number', 0) + 1
        mail = EmailMessage()
        for name, value in {
            'From': 'Lucía Altozano <lucia@altozano.example.com>',
            'To': cls.to_tickets,
            'Subject': 'The press leaks',
            'Message-Id': f'<service-{cls.mail_number}@altozano.example.com>',
            **{name.replace('_', '-'): value for name, value in heads.items()},
        }.items():
            if value is not None:
                mail[name] = value
        mail.set_content(body)
        return mail.as_bytes()

    @classmethod
    def receive(cls, body='It drips on the floor.', model=None, **heads):
        """Let a mail arrive and return the cases that it opened."""
        raw = cls.compose(body, **heads)
        return cls.receive_raw(raw, model)

    @classmethod
    def receive_raw(cls, raw, model=None):
        last = {name: cls.get_last_id(name) for name in ('service.ticket', 'service.claim')}
        cls.env['mail.thread'].message_process(model, raw)
        cases = {
            name: cls.env[name].with_context(active_test=False).search([('id', '>', last_id)])
            for name, last_id in last.items()
        }
        return cases['service.ticket'] or cases['service.claim']

    @classmethod
    def get_last_id(cls, model_name):
        return (
            cls.env[model_name]
            .with_context(active_test=False)
            .search([], limit=1, order='id desc')
            .id
        )

    def get_acknowledgement(self, case):
        return case.message_ids.filtered(lambda message: message.message_type == 'auto_comment')

    def answer(self, case, sender='lucia@altozano.example.com', **heads):
        """Let somebody answer, by mail, the last message of a case."""
        sent = case.message_ids.sorted('id')[-1:]
        return self.receive(
            'I have something to add.',
            From=sender,
            To=self.to_claims if case._name == 'service.claim' else self.to_tickets,
            References=sent.message_id,
            **heads,
        )

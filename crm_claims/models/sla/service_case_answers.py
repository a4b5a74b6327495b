from odoo import api, fields, models
from odoo.tools.mail import email_normalize_all


class ServiceCaseMixin(models.AbstractModel):
    """What counts as an answer to the customer, and when it was given.

    It is what an agent writes or says to the customer: neither the mail with which a colleague
    opens the case, nor what is for colleagues alone, nor what a robot writes.
    """

    _inherit = 'service.case.mixin'

    date_first_response = fields.Datetime(
        string='First Response on',
        copy=False,
        help='When an agent first wrote to the customer, or spoke with them: a case that is made '
        'of a call was answered by it. Notes, messages to colleagues and automatic answers do not '
        'count; reopening the case does not change it.',
    )
    answer_count = fields.Integer(
        string='Answers',
        readonly=True,
        copy=False,
        help='How many messages agents wrote to the customer.',
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        spoken = cases._filter_made_of_calls().grouped('date_open')
        for date_open, answered in spoken.items():
            # sudo: when a case was answered is for the program to know
            answered.sudo().date_first_response = date_open
        return cases

    def _message_post_after_hook(self, message, msg_values):
        # sudo: whoever may answer the customer has answered, and portal users post here as well
        case_sudo = self.sudo()
        if case_sudo._is_answer(message.sudo()):
            case_sudo.write(case_sudo._prepare_answer(fields.Datetime.now()))
        return super()._message_post_after_hook(message, msg_values)

    # === BUSINESS METHODS === #

    def _filter_made_of_calls(self):
        """Return the cases that were opened while an agent spoke with the customer."""
        unanswered = self.filtered(lambda case: not case.date_first_response)
        is_spoken = self.env.context.get('service_call_is_held')
        if is_spoken is not None:
            return unanswered if is_spoken else self.browse()
        phone = self.env.ref('utm.utm_medium_phone', raise_if_not_found=False)
        if not phone or not self.env.user._is_internal():
            return self.browse()
        return unanswered.filtered(lambda case: case.medium_id == phone)

    def _prepare_answer(self, now):
        """Return what an answer changes.

        :param now: when it reached us: the date in the head of a mail is what its sender says
        """
        values = {'answer_count': self.answer_count + 1}
        if not self.date_first_response:
            values['date_first_response'] = max(now, self.date_open)
        return values

    def _is_answer(self, message):
        """Tell whether an agent writes to the customer."""
        return (
            message.message_type in ('comment', 'email')
            and not message.subtype_id.internal
            and not self._is_opening_message()
            and self._is_written_by_agent(message)
            and self._is_written_to_customer(message)
        )

    def _is_written_by_agent(self, message):
        """Tell whether a person of ours writes who is not the customer of the case."""
        author = message.author_id
        return (
            bool(author.user_ids)
            and not author.partner_share
            and author not in (self.partner_id, self.env.ref('base.partner_root'))
            and not self._is_sender(author)
        )

    def _is_sender(self, partner):
        return bool(self.email_normalized) and partner.email_normalized == self.email_normalized

    def _is_written_to_customer(self, message):
        """Tell whether the customer gets a message; one that names nobody is for the customer."""
        # Who answers an automatic mail by mail answers its author, the company, too.
        partners = message.partner_ids - self.company_id.partner_id
        addresses = self._get_written_addresses(message)
        if not partners and not addresses:
            return True
        readers = partners | self.message_partner_ids
        return self.email_normalized in addresses or any(map(self._is_of_customer, readers))

    @api.model
    def _get_written_addresses(self, message):
        """Return the addresses that a message names beside its recipients."""
        fields_of_addresses = ('outgoing_email_to', 'incoming_email_to', 'incoming_email_cc')
        texts = filter(None, (message[name] for name in fields_of_addresses))
        written = {address for text in texts for address in email_normalize_all(text)}
        ours = self.env['mail.alias.domain']._find_aliases(list(written))
        return written - set(ours)

    def _is_of_customer(self, partner):
        """Tell whether somebody is the customer, or writes for the same company."""
        if partner == self.partner_id or not partner.partner_share:
            return partner == self.partner_id
        is_known = self.partner_id or self.email_normalized
        return (
            not is_known
            or self._is_sender(partner)
            or partner.commercial_partner_id == self.commercial_partner_id
        )

    def _merge_values(self, merged):
        """An answer to any of the merged cases answered the customer."""
        answers = merged.filtered('date_first_response').mapped('date_first_response')
        values = {'answer_count': sum((self | merged).mapped('answer_count'))}
        if answers and not self.date_first_response:
            values['date_first_response'] = min(answers)
        self.sudo().write(values)
        return super()._merge_values(merged)

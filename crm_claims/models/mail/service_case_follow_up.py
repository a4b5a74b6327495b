import datetime

from odoo import api, fields, models


class ServiceCaseMixin(models.AbstractModel):
    """Answers that come long after a case was closed: each opens a case that follows it."""

    _inherit = 'service.case.mixin'

    follows_id = fields.Many2one(
        'service.case.mixin',
        copy=False,
        readonly=True,
        index='btree_not_null',
        ondelete='set null',
        help='The closed one whose customer answered too late to reopen it.',
    )
    follow_up_ids = fields.One2many(
        'service.case.mixin',
        'follows_id',
        string='Followed by',
        readonly=True,
        help='What late answers of the customer opened.',
    )

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Mails to the address of an archived team go to the one that takes its place."""
        values = dict(custom_values or {})
        team = self.env['service.team'].browse(values.get('team_id'))
        if team and not team.active:
            values['team_id'] = team._get_successor(team.company_id or self.env.company).id
        case = super().message_new(msg_dict, values)
        if case.follows_id:
            case.with_env(self.env)._log_follow_up()
        return case

    def _is_past_grace(self) -> bool:
        """Tell whether the case was closed longer ago than its team reopens."""
        team_sudo = self.sudo().team_id  # customers ask as well, and read no teams
        if not (self.date_closed and team_sudo):
            return False
        grace = datetime.timedelta(days=team_sudo.grace_days)
        return self.date_closed + grace < fields.Datetime.now()

    def _apply_customer_reply(self):
        """In the portal too, what was closed long ago stays closed, and another case begins."""
        late = self.sudo().filtered(lambda case: case._is_past_grace())
        for case in late:
            case._go_on_elsewhere()
        in_time = self.filtered(lambda case: case not in late)
        return super(ServiceCaseMixin, in_time)._apply_customer_reply()

    def _go_on_elsewhere(self):
        """Pass the last message on to the case that follows this one, or open that case."""
        follow_up = self._get_current_follow_up()
        if not follow_up:
            self._open_follow_up()
            return
        message = self.message_ids.sorted('id')[-1:]
        follow_up.message_post(
            body=message.body,
            author_id=message.author_id.id,
            email_from=message.email_from,
            message_type='comment',
            subtype_xmlid='mail.mt_comment',
        )
        self._log_going_on(follow_up)

    def _get_current_follow_up(self):
        """Return the newest case that follows this one and still takes answers."""
        follow_ups_sudo = self.sudo().with_context(active_test=False).follow_up_ids
        targets = follow_ups_sudo.browse(case._get_mail_target().id for case in follow_ups_sudo)
        going_on = targets.filtered(
            lambda case: case != self and not (case.is_spam or case._is_past_grace())
        )
        return going_on.sorted('id')[-1:]

    def _open_follow_up(self):
        """Open the case that follows this one, with the last message as its text."""
        follow_up = self.create(
            {
                **self._prepare_follow_up_values(),
                'description': self.message_ids.sorted('id')[-1:].body,
            }
        )
        follow_up._log_follow_up()
        follow_up._acknowledge()

    def _prepare_follow_up_values(self):
        """Return what a case that follows this one has in common with it."""
        self.ensure_one()
        return {
            'name': self.name,
            'partner_id': self.partner_id.id,
            'email_from': self.email_from,
            'phone': self.phone,
            'team_id': self.team_id._get_successor(self.company_id).id,
            'category_id': self.category_id.id,
            'company_id': self.company_id.id,
            'follows_id': self.id,
        }

    def _log_follow_up(self):
        self._message_log(
            body=self.env._(
                'Follows %(case)s, which had been closed for too long to be reopened.',
                case=self.follows_id._get_html_link(),
            )
        )
        self.follows_id._log_going_on(self)

    def _log_going_on(self, follow_up):
        self._message_log(
            body=self.env._(
                'The customer answered; it goes on in %(case)s.', case=follow_up._get_html_link()
            )
        )

from __future__ import annotations

from collections import defaultdict

from odoo import api, models

from ...core.stages import OPEN_KINDS

ASSIGNED = 'mail.message_user_assigned'  # Odoo's own text for who is given a document
ANSWER = 'crm_claims.mt_service_team_answer'
# With one of these in the context nobody is told; the last one is there while a file is imported.
QUIET_KEYS = ('tracking_disable', 'mail_auto_subscribe_no_notify', '_import_current_module')


class ServiceCaseMixin(models.AbstractModel):
    """Who hears of a case: whoever works on it, else the team, and who follows the team.

    The followers of a team do not become followers of each of its cases: they are asked for when
    there is something to hear, so that following counts from now on for old cases too.
    """

    _inherit = 'service.case.mixin'

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        cases = super(ServiceCaseMixin, self._leave_out_importer()).create(vals_list)
        cases = cases.with_env(self.env)
        if not self.env.context.get('tracking_disable'):
            cases._subscribe_assignees()
            cases._tell_of_new()
        return cases

    def write(self, vals):
        is_moved = vals.keys() & {'team_id', 'user_id'}
        if not is_moved or self.env.context.get('tracking_disable'):
            return super().write(vals)
        # sudo: whoever hands a case on may not see it any more
        before = {case: (case.team_id, case.user_id) for case in self.sudo()}
        result = super().write(vals)
        self.sudo()._tell_of_moves(before, is_given='user_id' in vals)
        return result

    @api.model
    def _leave_out_importer(self):
        """Whoever loads a file does not ask to hear of all that is in it."""
        is_import = self.env.context.get('_import_current_module')
        return self.with_context(mail_create_nosubscribe=True) if is_import else self

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """The mail that opens a case tells of it by itself, as soon as it is posted."""
        quiet = self.with_context(mail_auto_subscribe_no_notify=True)
        case = super(ServiceCaseMixin, quiet).message_new(msg_dict, custom_values)
        return case.with_context(mail_auto_subscribe_no_notify=False)

    # === WHO WORKS ON IT === #

    def _message_auto_subscribe(self, updated_values, followers_existing_policy='skip'):
        """Odoo asks for each new record by itself; ``create`` does it for all of them at once."""
        if followers_existing_policy == 'update':
            return True
        return super()._message_auto_subscribe(updated_values, followers_existing_policy)

    def _subscribe_assignees(self):
        """Let whoever works on a case follow it, and hear of it unless they took it themselves."""
        for user, cases in self._subscribe_workers().items():
            if user != self.env.user:
                cases.with_context(lang=user.lang)._message_auto_subscribe_notify(
                    user.partner_id.ids, ASSIGNED
                )

    def _subscribe_workers(self) -> dict:
        """Let whoever works on a case follow it, and return {user: cases}."""
        groups = self.sudo().grouped(lambda case: case._get_worker())
        workers = {user: cases for user, cases in groups.items() if user}
        for user, cases in workers.items():
            cases._message_subscribe(partner_ids=user.partner_id.ids)
        return workers

    def _take_up_again(self):
        """Who was away and is back follows what they have once more."""
        result = super()._take_up_again()
        self._subscribe_workers()
        return result

    def _message_auto_subscribe_notify(self, partner_ids, template):
        """Tell of what is open, of many at once in one message."""
        news = self.sudo()._get_news()
        if news._are_told_together():
            return news._notify_of_many(
                partner_ids,
                self.env._(
                    '%(kind)s: %(count)s assigned to you',
                    kind=self.env['ir.model']._get(self._name).name,
                    count=len(news),
                ),
            )
        return super(ServiceCaseMixin, news)._message_auto_subscribe_notify(partner_ids, template)

    # === WHO ELSE HEARS OF IT === #

    def _get_news(self):
        """Return those that people are to hear of: not closed ones, nor what is imported."""
        is_quiet = any(self.env.context.get(key) for key in QUIET_KEYS)
        if is_quiet or not self.env.registry.ready:
            return self.browse()
        return self.filtered(lambda case: case.active and case.stage_kind in OPEN_KINDS)

    def _tell_of_new(self):
        """Tell the teams what nobody has taken, and who follows them of all that is new."""
        groups = defaultdict(self.env['res.users'].browse)
        for user, cases in self.sudo()._get_news()._get_audience().items():
            groups[cases, user.lang] |= user
        for (cases, lang), users in groups.items():
            cases.with_context(lang=lang)._notify_of_new(users.partner_id.ids)

    def _tell_of_moves(self, before, is_given):
        """Tell of another assignee, and the teams of what has come to them or become free.

        :param before: {case: (team, user)} before the change
        :param is_given: whether the user was named: Odoo tells them itself
        """
        if not is_given:
            self.filtered(lambda case: case.user_id != before[case][1])._subscribe_assignees()
        self.filtered(
            lambda case: case.team_id != before[case][0] or (before[case][1] and not case.user_id)
        )._tell_of_new()
        self._unsubscribe_strangers({case: user for case, (_team, user) in before.items()})

    def _unsubscribe_strangers(self, former):
        """Let those who had the cases go, unless they may still see them."""
        for user, cases in self.grouped(lambda case: former[case]).items():
            gone = cases.filtered(lambda case, user=user: user and case.user_id != user)
            strange = gone - gone._filter_readable(user) if gone else gone
            if strange:
                strange.message_unsubscribe(user.partner_id.ids)

    def _get_audience(self) -> dict:
        """Return {user: new cases that they are to hear of}."""
        audience = defaultdict(self.browse)
        teams = self.grouped(lambda case: (case.team_id, case.company_id))
        for (team, company), cases in teams.items():
            free = cases.filtered(lambda case: not case._get_worker())
            for user in team._get_people(company):
                audience[user] |= free
            for user in team._get_followers(self._get_new_subtype()):
                others = cases.filtered(lambda case, user=user: case.user_id != user)
                audience[user] |= others._filter_readable(user)
        audience.pop(self.env.user, None)
        return {user: cases for user, cases in audience.items() if cases}

    @api.model
    def _get_new_subtype(self) -> str:
        """Return what followers of a team tick to hear of new cases of this kind."""
        return f'crm_claims.mt_{self._name.replace("service.", "service_team_")}_new'

    def _filter_readable(self, user):
        """Return the cases that a user may read, whichever company he is at work for."""
        readable = self.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        return readable._filtered_access('read').with_env(self.env)

    # === MESSAGES OF THE CUSTOMER === #

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Add who has to hear of what the customer writes to those who follow the case."""
        listeners = self._get_listeners(message, msg_vals or {})
        if listeners:
            msg_vals = dict(msg_vals or {})
            given = msg_vals.get('partner_ids', message.sudo().partner_ids.ids)
            msg_vals['partner_ids'] = [*given, *listeners.partner_id.ids]
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        return (
            self._leave_out_authors(recipients) if message.message_type == 'email' else recipients
        )

    def _leave_out_authors(self, recipients):
        """Odoo sends the author of a message what is answered to it: of automatic mails that is the
        company, whose general address has no part in the case, and it may be a colleague who has
        gone."""
        case_sudo = self.sudo()
        others = [recipient['id'] for recipient in recipients if not recipient['uid']]
        gone = case_sudo._find_former_colleagues(others) - case_sudo.partner_id
        left_out = {case_sudo.company_id.partner_id.id, *gone.ids}
        return [recipient for recipient in recipients if recipient['id'] not in left_out]

    @api.model
    def _find_former_colleagues(self, partner_ids):
        """Return those of the contacts who were colleagues once."""
        users_sudo = self.env['res.users'].sudo().with_context(active_test=False)
        return users_sudo.search(
            [('partner_id', 'in', partner_ids), ('active', '=', False), ('share', '=', False)]
        ).partner_id

    def _get_listeners(self, message, msg_values):
        """Return the users who hear of a message of the customer without following the case."""
        opens = self.env.context.get('service_mail_opens_case') and message.message_type == 'email'
        is_heard = (
            opens or self._is_note_by_mail(message) or self._is_customer_reply(message, msg_values)
        )
        if not (self and is_heard):
            return self.env['res.users']
        # sudo: the customer writes; who has to hear of it is not for him to read
        case_sudo = self.sudo()
        subtype = self._get_new_subtype() if opens else ANSWER
        followers = case_sudo.team_id._get_followers(subtype)
        people = case_sudo._get_worker() or case_sudo.team_id._get_people(case_sudo.company_id)
        return people | followers.filtered(case_sudo._filter_readable)

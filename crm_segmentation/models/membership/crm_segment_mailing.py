from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from odoo.addons.crm_extended.models.shared.crm_batch_mixin import LATER

from .crm_segment_effects import EFFECTS_AT_ONCE
from .crm_segment_subscriptions import SUBSCRIPTION


class CrmSegment(models.Model):
    """Keeps a mailing list equal to the segment, whatever happened beside entering and leaving.

    Another list may have been chosen, an address may have come or changed, the segment may have
    been archived: what memberships noted is compared with what they want, and the difference is
    worked off in committed batches.
    """

    _inherit = 'crm.segment'

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {'active', 'mailing_list_id'}:
            self._trigger_effects()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_release_subscriptions(self):
        memberships = self.env['crm.segment.membership'].sudo()
        memberships._release_subscriptions(Domain('segment_id', 'in', self.ids))

    @api.model
    def _cron_run_effects(self):
        result = super()._cron_run_effects()
        if SUBSCRIPTION in self.env and self.env['ir.cron']._commit_progress():
            try:
                self._follow_mailing_lists()
            except LATER:
                # Somebody else works on the same contacts: what is left waits for the next call.
                self.env.cr.rollback()
        return result

    @api.model
    def _follow_mailing_lists(self):
        """Take back what no membership wants any more, then subscribe who is missing."""
        memberships = self.env['crm.segment.membership']
        self._work_off(memberships._find_unwanted(), lambda some: some._unsubscribe())
        for segment in self.search([('mailing_model_id', '!=', False)]):
            if mailing_list := segment._get_mailing_list():
                self._work_off(
                    memberships._find_missing(segment, mailing_list),
                    lambda some, to=mailing_list: some._subscribe(to),
                )

    @api.model
    def _work_off(self, memberships, function):
        """Do something to memberships, and commit each batch; the next call goes on with the rest.

        Who fails is tried again every day.
        """
        for batch in split_every(EFFECTS_AT_ONCE, memberships.ids, memberships.browse):
            self._run_within(batch.exists(), function)
            if not self.env['ir.cron']._commit_progress():
                self._trigger_effects()
                return


class CrmSegmentMembership(models.Model):
    """Finds the memberships whose subscription is not what their segment wants."""

    _inherit = 'crm.segment.membership'

    def unlink(self):
        """What segments subscribed goes with the last membership, also where contacts merge."""
        self._unsubscribe_noted()
        return super().unlink()

    def _release_subscriptions(self, domain):
        """Take back what memberships that will be gone had subscribed."""
        noted = self.search(domain & Domain('subscription_model_id', '!=', False))
        for batch in split_every(EFFECTS_AT_ONCE, noted.ids, self.browse):
            batch._unsubscribe_noted()

    def _unsubscribe_noted(self):
        if SUBSCRIPTION in self.env and (noted := self.filtered('subscription_model_id')):
            noted._unsubscribe()

    def _find_unwanted(self):
        """Return who noted a subscription that ended, of another list, or of another address.

        Who unsubscribed keeps the note that says so, whatever the address is now.
        """
        return self._browse_rows(
            SQL(
                """
            SELECT member.id
              FROM crm_segment_membership member
              JOIN crm_segment segment ON segment.id = member.segment_id
              JOIN res_partner partner ON partner.id = member.partner_id
         LEFT JOIN mailing_subscription subscription ON subscription.id = member.subscription_id
         LEFT JOIN mailing_contact contact ON contact.id = subscription.contact_id
             WHERE member.subscription_id IS NOT NULL
               AND member.subscription_model_id IS NOT NULL
               AND (subscription.id IS NULL
                    OR segment.active IS NOT TRUE
                    OR segment.mailing_model_id IS NULL
                    OR segment.mailing_list_id IS DISTINCT FROM subscription.list_id
                    OR (member.date_out IS NOT NULL AND member.leave_pending IS NOT TRUE)
                    OR (subscription.opt_out IS NOT TRUE AND contact.email_normalized
                        IS DISTINCT FROM partner.email_normalized))
          ORDER BY member.id
                """
            )
        )

    def _find_missing(self, segment, mailing_list):
        """Return the members whose address could be on the list and is not, or not by them.

        Who subscribed or unsubscribed by hand, or is on the blacklist, is left alone.
        """
        return self._browse_rows(
            SQL(
                """
            SELECT member.id
              FROM crm_segment_membership member
              JOIN res_partner partner ON partner.id = member.partner_id
             WHERE member.segment_id = %(segment)s
               AND member.date_out IS NULL
               AND member.enter_pending IS NOT TRUE
               AND member.subscription_model_id IS NULL
               AND partner.email_normalized IS NOT NULL
               AND NOT EXISTS (SELECT FROM mail_blacklist blocked
                                WHERE blocked.email = partner.email_normalized AND blocked.active)
               AND NOT EXISTS (
                    SELECT FROM mailing_contact contact
                      JOIN mailing_subscription subscription
                        ON subscription.contact_id = contact.id
                       AND subscription.list_id = %(list)s
                     WHERE contact.email_normalized = partner.email_normalized
                       AND NOT EXISTS (
                            SELECT FROM crm_segment_membership other
                             WHERE other.subscription_id = subscription.id
                               AND other.subscription_model_id IS NOT NULL))
          ORDER BY member.id
                """,
                segment=segment.id,
                list=mailing_list.id,
            )
        )

    def _browse_rows(self, query):
        self.env.flush_all()
        return self.browse(id_ for (id_,) in self.env.execute_query(query))


class ResPartner(models.Model):
    _inherit = 'res.partner'

    @api.ondelete(at_uninstall=False)
    def _unlink_release_subscriptions(self):
        memberships = self.env['crm.segment.membership'].sudo()
        memberships._release_subscriptions(Domain('partner_id', 'in', self.ids))

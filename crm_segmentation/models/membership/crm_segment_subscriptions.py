from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools.groups import MAILING_USERS

MAILING_LIST = 'mailing.list'
SUBSCRIPTION = 'mailing.subscription'


class CrmSegment(models.Model):
    """Subscribes the contacts that enter to a mailing list, and takes them off on leaving.

    The list is referred to by the name of its model and its id, so that segments outlive Email
    Marketing. When that is uninstalled its models go, and the database empties the link to them:
    an id alone means nothing, not even when Email Marketing is installed again.
    """

    _inherit = 'crm.segment'

    mailing_list_id = fields.Many2oneReference(
        model_field='mailing_list_model',
        copy=False,
        groups=MAILING_USERS,
        help='All members are subscribed to this list, those of today too. Who leaves is taken '
        'off it again, if a segment had put them on it. Subscriptions made by hand stay, and who '
        'unsubscribed or is on the blacklist is never subscribed.',
    )
    mailing_model_id = fields.Many2one(
        'ir.model',
        string='Model of the Mailing List',
        compute='_compute_mailing_model_id',
        store=True,
        ondelete='set null',
        groups=MAILING_USERS,
    )
    mailing_list_model = fields.Char(
        string='Name of the Model of the Mailing List',
        related='mailing_model_id.model',
        groups=MAILING_USERS,
    )
    mailing_skipped_count = fields.Integer(
        string='Without E-Mail',
        compute='_compute_mailing_skipped_count',
        help='Members that have no e-mail address and are not subscribed to the mailing list.',
    )

    @api.depends('mailing_list_id')
    def _compute_mailing_model_id(self):
        model = self.env['ir.model'].sudo()._get(MAILING_LIST)
        for segment in self:
            segment.mailing_model_id = model if segment.mailing_list_id else False

    @api.depends('mailing_model_id')
    def _compute_mailing_skipped_count(self):
        filling = self.sudo().filtered('mailing_model_id')
        counts = dict(
            self.env['crm.segment.membership']._read_group(
                Domain('segment_id', 'in', filling.ids)
                & Domain('date_out', '=', False)
                & Domain('partner_id.email_normalized', '=', False),
                ['segment_id'],
                ['__count'],
            )
        )
        for segment in self:
            segment.mailing_skipped_count = counts.get(segment._origin, 0)

    @api.constrains('mailing_list_id')
    def _check_mailing_list(self):
        for segment in self.filtered('mailing_list_id'):
            if not segment._get_mailing_list():
                raise ValidationError(
                    self.env._(
                        'The mailing list of the segment "%(segment)s" does not exist. '
                        'Choose another one.',
                        segment=segment.name,
                    )
                )

    # === EFFECTS === #

    def _get_mailing_list(self):
        """Return the list that the segment fills; nothing if there is none any more."""
        if self.mailing_list_model not in self.env:
            return None
        return self.env[self.mailing_list_model].browse(self.mailing_list_id).exists()

    def _get_effect_fields(self, direction):
        return [*super()._get_effect_fields(direction), 'mailing_model_id']

    def _apply_effects(self, direction, memberships):
        super()._apply_effects(direction, memberships)
        if not (mailing_list := self._get_mailing_list()):
            return
        if direction == 'enter':
            memberships._subscribe(mailing_list)
        else:
            memberships._unsubscribe()


class CrmSegmentMembership(models.Model):
    """Notes which subscriptions to mailing lists segments made, to take back only those.

    A subscription belongs to an address. All memberships that want it note it, and it goes with
    the last of them.
    """

    _inherit = 'crm.segment.membership'

    subscription_id = fields.Many2oneReference(
        model_field='subscription_model',
        readonly=True,
        index='btree_not_null',
        help='Subscription to a mailing list that a segment made for the contact.',
    )
    subscription_model_id = fields.Many2one(
        'ir.model',
        string='Model of the Subscription',
        readonly=True,
        ondelete='set null',
        index='btree_not_null',
        help='Empty if the subscription has gone with its app.',
    )
    subscription_model = fields.Char(
        string='Name of the Model of the Subscription', related='subscription_model_id.model'
    )

    def _subscribe(self, mailing_list):
        """Put the addresses of contacts on a list, unless they are, or were, on it already."""
        subscriptions = self._find_subscriptions(mailing_list)
        ours = self._get_noted(subscriptions)
        by_address = subscriptions.grouped(lambda row: row.contact_id.email_normalized)
        made = self._create_subscriptions(mailing_list, by_address.keys())
        for membership in self:
            address = membership.partner_id.email_normalized
            subscription = made.get(address) or (by_address.get(address, ours.browse()) & ours)[:1]
            if subscription:
                membership._note(subscription)

    def _unsubscribe(self):
        """Take back what segments subscribed and no other membership wants.

        Who unsubscribed meanwhile keeps the row that says so.
        """
        noted = self.filtered('subscription_model_id')
        subscriptions = self.env[SUBSCRIPTION].browse(noted.mapped('subscription_id')).exists()
        noted._note(subscriptions.browse())
        unwanted = subscriptions - self._get_noted(subscriptions)
        unwanted.filtered(lambda row: not row.opt_out).unlink()

    def _note(self, subscription):
        model = self.env['ir.model']._get(SUBSCRIPTION)
        self.write(
            {
                'subscription_id': subscription.id,
                'subscription_model_id': model.id if subscription else False,
            }
        )

    def _prepare_merged_note(self, rows):
        noted = (self | rows).filtered('subscription_model_id')[:1]
        return {
            'subscription_id': noted.subscription_id,
            'subscription_model_id': noted.subscription_model_id.id,
        }

    # === WHO IS ON A LIST === #

    def _find_subscriptions(self, mailing_list):
        """Return the subscriptions of the addresses to a list, also of who unsubscribed."""
        return self.env[SUBSCRIPTION].search(
            Domain('list_id', '=', mailing_list.id)
            & Domain('contact_id.email_normalized', 'in', list(self._get_addresses()))
        )

    def _get_noted(self, subscriptions):
        """Return those of the subscriptions that a membership which counts has noted."""
        counting = Domain('date_out', '=', False) | Domain('leave_pending', '=', True)
        rows = self.search(
            counting
            & Domain('subscription_model_id.model', '=', SUBSCRIPTION)
            & Domain('subscription_id', 'in', subscriptions.ids)
        )
        return subscriptions.browse(set(rows.mapped('subscription_id')))

    def _get_addresses(self):
        """Return {address: contact}, of equals the first; who has no address is left out."""
        partners = self.partner_id.filtered('email_normalized').sorted('id', reverse=True)
        return {partner.email_normalized: partner for partner in partners}

    # === SUBSCRIBING === #

    def _create_subscriptions(self, mailing_list, known):
        """Subscribe the addresses that the list does not know, but none of the blacklist.

        :return: {address: subscription}
        """
        addresses = self._get_addresses()
        blocked = self.env['mail.blacklist'].search([('email', 'in', list(addresses))])
        wanted = addresses.keys() - set(known) - set(blocked.mapped('email'))
        contacts = self._find_or_create_contacts(
            {address: addresses[address] for address in sorted(wanted)}
        )
        subscriptions = self.env[SUBSCRIPTION].create(
            [
                {'contact_id': contact.id, 'list_id': mailing_list.id}
                for contact in contacts.values()
            ]
        )
        return dict(zip(contacts, subscriptions, strict=True))

    def _find_or_create_contacts(self, partners):
        """Return {address: contact of the mailing lists}, of equals the first.

        :param partners: {address: partner}
        """
        # A note that it was created tells nothing on each of some hundred contacts.
        contacts = self.env['mailing.contact'].with_context(tracking_disable=True)
        found = contacts.search([('email_normalized', 'in', list(partners))], order='id desc')
        by_address = {contact.email_normalized: contact for contact in found}
        missing = partners.keys() - by_address.keys()
        created = contacts.create(
            [
                self._prepare_contact(address, partner)
                for address, partner in partners.items()
                if address in missing
            ]
        )
        return by_address | {contact.email_normalized: contact for contact in created}

    @api.model
    def _prepare_contact(self, address, partner):
        """Return the values of a new contact of the mailing lists; extended by who adds fields."""
        return {
            'name': partner.name,
            'email': address,
            'company_name': partner.commercial_company_name,
            'country_id': partner.country_id.id,
        }

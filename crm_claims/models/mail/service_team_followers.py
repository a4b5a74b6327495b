from odoo import api, models


class ServiceTeam(models.Model):
    """Who follows a team: they hear of its new cases and of what its customers answer."""

    _inherit = 'service.team'

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever sets a team up does not ask to hear of all its cases."""
        quiet = self.with_context(mail_create_nosubscribe=True)
        return super(ServiceTeam, quiet).create(vals_list).with_env(self.env)

    def _get_followers(self, subtype_xmlid: str):
        """Return the colleagues who follow the team and want to hear of this kind of news."""
        subtype = self.env.ref(subtype_xmlid, raise_if_not_found=False)
        if not (self and subtype):
            return self.env['res.users']
        # sudo: who hears of a case is not for everybody who opens one to read
        followers_sudo = (
            self.env['mail.followers']
            .sudo()
            .search(
                [
                    ('res_model', '=', self._name),
                    ('res_id', 'in', self.ids),
                    ('subtype_ids', 'in', subtype.ids),
                ]
            )
        )
        return followers_sudo.partner_id.user_ids.filtered(
            lambda user: user.active and not user.share
        )

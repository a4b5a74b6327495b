from __future__ import annotations

from odoo import api, models

# So many of the newest documents of a kind are offered to choose from.
MAX_SUBJECTS = 80


class ServiceCaseMixin(models.AbstractModel):
    """The form with which a customer opens a case in the portal: what it offers to choose from,
    and what becomes of the choices."""

    _inherit = 'service.case.mixin'

    # === WHAT THE FORM OFFERS === #

    @api.model
    def _prepare_portal_choices(self, form: dict) -> dict:
        """Return what the form offers and asks for, with the category that is chosen on it."""
        category = self._get_offered_category(form)
        return {
            'categories': self._get_offered_categories(),
            'questions': self._get_asked_fields(self._get_portal_team(), category),
            'subjects': [
                (
                    heading,
                    [(_get_reference(document), document.display_name) for document in documents],
                )
                for heading, documents in self._get_portal_subjects()
                if documents
            ],
        }

    @api.model
    def _get_portal_subjects(self) -> list[tuple]:
        """Return (heading, documents) that a new case may be about; override to offer more.

        The documents belong to the customer who asks, whoever may read them, and are no more
        than ``MAX_SUBJECTS``.
        """
        return []

    @api.model
    def _get_offered_categories(self):
        # sudo: who fills in a form reads no configuration, and sees nothing but the names
        return self.env['service.category'].sudo().search([('is_offered', '=', True)])

    @api.model
    def _get_offered_category(self, form: dict):
        """Return the category that was chosen, none if it is not one of those offered."""
        chosen = form.get('category_id')
        return self._get_offered_categories().filtered(lambda category: str(category.id) == chosen)

    @api.model
    def _get_portal_team(self):
        """Return the team that gets what is written in the portal."""
        company = self.env.company
        return self.sudo()._get_default_teams(company)[company]

    # === WHAT BECOMES OF IT === #

    @api.model
    def _prepare_portal_values(self, form):
        category, team = self._get_offered_category(form), self._get_portal_team()
        return {
            **super()._prepare_portal_values(form),
            **self._prepare_answers(form, team, category),
            **self._prepare_subject_values(self._get_chosen_subject(form)),
            'team_id': team.id,
            'category_id': category.id,
        }

    @api.model
    def _get_chosen_subject(self, form: dict):
        """Return the document that was chosen, None if it is not one of those offered."""
        chosen = form.get('subject')
        offered = self._get_portal_subjects() if chosen else ()
        documents = (document for _heading, found in offered for document in found)
        return next((found for found in documents if _get_reference(found) == chosen), None)

    @api.model
    def _prepare_subject_values(self, document) -> dict:
        """Return the values of a case about a document; override to set more than that."""
        return {'ref': _get_reference(document)} if document else {}


def _get_reference(document) -> str:
    return f'{document._name},{document.id}'

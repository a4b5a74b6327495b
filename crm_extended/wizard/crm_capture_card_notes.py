from odoo import api, models

from ..core.text import cut_list

# How many of the lines that could not be read are told at once, and kept in the notes.
MAX_TOLD, MAX_KEPT = 3, 50


class CrmCaptureCardLine(models.TransientModel):
    """Says in words what of a card has no field, and what could not be read."""

    _inherit = 'crm.capture.card.line'

    @api.model
    def _prepare_notes(self, card, country, state):
        """Return the note of the card, followed by what has no field of its own."""
        rest = (
            (self.env._('Department'), card.department),
            *self._get_told_facts(card),
            (self.env._('State'), '' if state else card.state),
            (self.env._('Country'), '' if country else card.country),
            (self.env._('Not read'), '; '.join(card.left_out[:MAX_KEPT])),
        )
        return '\n'.join(filter(None, [card.note, *(f'{k}: {v}' for k, v in rest if v)]))

    @api.model
    def _get_told_facts(self, card):
        """Return ``(title, text)`` of what a card says besides, all of a kind together."""
        told = [
            (title, ', '.join(self._tell(fact) for fact in card.facts if fact.kind == kind))
            for kind, title in self._get_fact_titles().items()
        ]
        others = (fact for fact in card.facts if fact.kind == 'other')
        return [*told, *((fact.label, fact.text) for fact in others)]

    @api.model
    def _tell(self, fact):
        return f'{fact.text} ({fact.label})' if fact.label else fact.text

    @api.model
    def _get_fact_titles(self):
        """Return the titles of the kinds of facts, in the order of the notes."""
        return {
            'name': self.env._('Full name'),
            'nickname': self.env._('Nickname'),
            'company': self.env._('Other companies'),
            'role': self.env._('Role'),
            'phone': self.env._('Phone numbers'),
            'fax': self.env._('Fax'),
            'email': self.env._('E-mail addresses'),
            'website': self.env._('Websites'),
            'profile': self.env._('Profiles'),
            'address': self.env._('Addresses'),
            'birthday': self.env._('Birthday'),
            'anniversary': self.env._('Anniversary'),
            'categories': self.env._('Categories'),
        }

    @api.model
    def _describe_left_out(self, card, photo=False):
        """Return what of a card could not be read, in words.

        :param photo: the picture on it, if it is one
        """
        left_out = list(card.left_out)
        if card.photo and not photo:
            left_out.append('PHOTO')
        told, rest = cut_list(left_out, MAX_TOLD)
        texts = []
        if card.is_cut:
            texts.append(self.env._('The end of the card is missing'))
        if told:
            more = [self.env._('%(number)s more', number=rest)] if rest else []
            texts.append(self.env._('Not read: %(lines)s', lines=', '.join([*told, *more])))
        return '; '.join(texts)

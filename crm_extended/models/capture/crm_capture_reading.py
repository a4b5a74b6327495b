import logging
import secrets
from datetime import datetime
from functools import partial
from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.mail import email_split_and_format

from ...core import capture
from ...core.post_entries import PostError
from ...core.post_reading import join_notes, read_post
from ...core.text import clean_text
from ...tools.numbers import format_size

_logger = logging.getLogger(__name__)

POST_CLEANERS = {
    **capture.CLEANERS,
    'email': partial(capture.clean_address, email_split_and_format),
}
# So much is kept of what is typed into an own field.
OWN_LENGTH = 2000
# What is for the program that posts, and for us, and no part of what is said.
OWN_NAMES = frozenset({capture.TRAP_FIELD, 'redirect', 'csrf_token'})


class Visit(NamedTuple):
    """How a post came, besides what it says."""

    files: tuple = ()
    """(name, content) of each file."""
    address: str = ''
    """The address on the net; empty where it is no visitor's."""
    languages: str = ''
    """The languages that the browser asks for."""
    moment: datetime | None = None
    """When it came, in UTC; now, unless it was kept aside."""


# What no website sent, but a program of ours.
NO_VISIT = Visit()


class CrmCaptureForm(models.Model):
    """How a post is read, and what is done with it."""

    _inherit = 'crm.capture.form'

    def _capture(self, raw_post, visit=NO_VISIT):
        """Make a lead, or what else the form is for, of what was posted.

        :param dict raw_post: the fields as they came, nested as they are
        :param Visit visit: the files that came along, and from where
        :return: the reference to tell the sender
        :raise UserError: nothing useful was posted, or the visitor did not agree
        :raise RateExceeded: too many posts in this hour
        """
        self.ensure_one()
        post = self._clean_visit(raw_post, visit)
        if raw_post.get(capture.TRAP_FIELD):
            _logger.info('Website form %s (%s): a machine fell into the trap', self.name, self.id)
            return secrets.token_hex(5).upper()
        self._check_post(post)
        return self._take(raw_post, post, visit)

    def _create_whole(self, raw_post, post, visit, reference):
        """Make what the form makes, with all that belongs to it."""
        reference = self._create_document(post, reference)
        self._complete_document(reference, post, visit)
        self._note_names(raw_post)
        return reference

    def _complete_document(self, reference, post, visit):
        """Add what came besides texts to the document of a reference."""
        files, _left = self._split_files(visit)
        if files:
            self._attach_files(self._find_document(reference), files)

    def _find_document(self, reference):
        """Return what was made under a reference; override with ``_create_document``."""
        made = [('crm_capture_reference', '=', reference), ('crm_capture_form_id', '=', self.id)]
        return self.env['crm.lead'].search(made, limit=1)

    # === READING === #

    def _clean_visit(self, raw_post, visit):
        """Return what is said, with a word about the files: another file is another post."""
        post = self._clean_post(raw_post)
        kept, left = self._split_files(visit)
        if left:
            names = ', '.join(f'{name} ({format_size(self.env, size)})' for name, size in left)
            too_many = self.env._('Files that were not kept: %(names)s', names=names)
            post['notes'] = '\n'.join(filter(None, [post['notes'], too_many]))
        post['lang'] = post['lang'] or self._get_language(visit.languages).code or ''
        return {**post, 'files': ', '.join(f'{name} ({len(content)})' for name, content in kept)}

    def _clean_post(self, raw_post):
        """Return what is said as texts of limited length; refuse an empty post.

        Besides our own fields there are those of the lead that the map of the form names.
        """
        reading = self._read_post(raw_post)
        texts = {
            **reading.fields,
            'clicks': join_notes(reading.clicks.items()),
            'notes': join_notes(reading.rest),
        }
        post = capture.clean_post(texts, POST_CLEANERS)
        own = {name: clean_text(texts[name], OWN_LENGTH) for name in texts.keys() - post.keys()}
        if not capture.is_telling(post) and not any(own.values()):
            raise UserError(
                self.env._(
                    'Nothing was sent. Please give at least a name, an email address or a message.',
                )
            )
        return post | own

    def _check_post(self, post):
        """Refuse a post that lacks what the form asks for; add to it."""

    def _read_post(self, raw_post):
        try:
            return read_post(raw_post, self._get_field_map(), self._get_own_names(raw_post))
        except PostError as error:
            raise UserError(
                self.env._('This is more than a form sends: too many fields, or too deep.')
            ) from error

    def _note_names(self, raw_post):
        """Note what the fields of the website are called, for who tells what they are."""

    def _get_field_map(self):
        """Return ``{name of a field of theirs, as get_key writes it: field of ours}``."""
        return {}

    def _get_own_names(self, raw_post):
        """Return the names that are not read here; add those that an addon reads itself."""
        return OWN_NAMES

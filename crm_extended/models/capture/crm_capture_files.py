from odoo import fields, models

from ...core import capture

MEGABYTE = 1024 * 1024
MOST_FILES = 10
LARGEST_FILE = 10


class CrmCaptureForm(models.Model):
    """The files that a website sends along."""

    _inherit = 'crm.capture.form'

    file_limit = fields.Integer(
        string='Files per Post',
        required=True,
        default=5,
        help='So many files of a post are attached to the lead, 0 for none and 10 at most. '
        'The names of the others are kept in the notes.',
    )
    file_size = fields.Integer(
        string='Largest File (MB)',
        required=True,
        default=5,
        help='Larger files are not kept, only their names. 10 at most, as for all of a post.',
    )

    _file_limit_range = models.Constraint(
        f'CHECK (file_limit BETWEEN 0 AND {MOST_FILES})',
        'A post may bring 0 to 10 files.',
    )
    _file_size_range = models.Constraint(
        f'CHECK (file_size BETWEEN 1 AND {LARGEST_FILE})',
        'The largest file has 1 to 10 MB.',
    )

    def _split_files(self, visit):
        return capture.split_files(visit.files, self.file_limit, self.file_size * MEGABYTE)

    def _attach_files(self, document, files):
        """Attach the files to what was made of the post.

        Odoo serves what could be a page as plain text where no user of ours uploaded it.

        :return: the attachments
        """
        return self.env['ir.attachment'].create(
            [
                {'name': name, 'raw': content, 'res_model': document._name, 'res_id': document.id}
                for name, content in files
            ]
        )

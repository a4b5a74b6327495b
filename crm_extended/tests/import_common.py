import mimetypes
from contextlib import contextmanager

from odoo.tools.misc import file_open

CUSTOMERS = (
    'Ibarra Workshops',
    'Harbour Logistics',
    'Northern Steel',
    'Talleres Ibarra',
    'Logística del Puerto',
    'Aceros del Norte',
)


class ImportMixin:
    """Files as people import them: read, mapped and loaded by the import screen of Odoo."""

    @classmethod
    def create_template_customers(cls):
        """Create the customers whom the templates name, as people do first."""
        return cls.env['res.partner'].create(
            [{'name': name, 'is_company': True} for name in CUSTOMERS]
        )

    def open_import(self, model_name, content, file_name, user=None, language='en_US'):
        """Return the import screen with a file, its headings and its options."""
        env = self.env(user=user, context={'lang': language})
        wizard = env['base_import.import'].create(
            {
                'res_model': model_name,
                'file': content,
                'file_name': file_name,
                'file_type': mimetypes.guess_type(file_name)[0],
            }
        )
        options = {'has_headers': True, 'quoting': '"', 'separator': ',', 'date_format': ''}
        preview = wizard.parse_preview(options)
        self.assertNotIn('error', preview)
        return wizard, preview

    def import_file(self, wizard, preview, create=(), dryrun=False):
        """Import what a screen shows, as its columns are mapped by themselves."""
        matches = [preview['matches'].get(index) for index in range(len(preview['headers']))]
        self.assertTrue(all(matches), dict(zip(preview['headers'], matches, strict=True)))
        options = {**preview['options'], 'name_create_enabled_fields': dict.fromkeys(create, True)}
        paths = ['/'.join(match) for match in matches]
        return wizard.execute_import(paths, preview['headers'], options, dryrun=dryrun)

    def import_template(self, model_name, language, create=(), user=None, dryrun=False):
        """Import the template that the screen of a model offers first, as it is."""
        self.env['res.lang']._activate_lang(language)
        env = self.env(user=user, context={'lang': language})
        template = env[model_name].get_import_templates()[0]['template']
        with file_open(template.removeprefix('/'), 'rb') as file:
            wizard, preview = self.open_import(
                model_name, file.read(), template, user=user, language=language
            )
        return self.import_file(wizard, preview, create=create, dryrun=dryrun)

    def load(self, model_name, columns, rows, user=None, **context):
        """Load rows as the import screen does, under the names of their fields."""
        model = self.env[model_name].with_user(user or self.env.user)
        model = model.with_context(import_file=True, **context)
        return model.load(list(columns), [list(row) for row in rows])

    @contextmanager
    def count_queries(self, counts):
        """Add the number of queries to a list."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        yield
        self.env.flush_all()
        counts.append(self.env.cr.sql_log_count - before)

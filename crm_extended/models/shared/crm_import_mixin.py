from odoo import api, models


class CrmImportMixin(models.AbstractModel):
    """Records that come from the files of an older system: each kind has its template."""

    _name = 'crm.import.mixin'
    _description = 'Import from Files'
    _import_addon = ''

    @api.model
    def get_import_templates(self):
        """Offer a template in the language of the reader, above those of other addons."""
        language = 'es' if (self.env.lang or '').startswith('es') else 'en'
        name = f'{self._name.replace(".", "_")}_{language}.xlsx'
        template = {
            'label': self.env._(
                'Template: %(records)s', records=self.env['ir.model']._get(self._name).name
            ),
            'template': f'/{self._import_addon}/static/xlsx/{name}',
        }
        return [template, *super().get_import_templates()]

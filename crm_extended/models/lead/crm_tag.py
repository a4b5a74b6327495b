from odoo import api, models

# The tags that sales teams have always classified by: name, xml id in the demo data of
# sales_team, colour.
CLASSIC_TAGS = {
    'product': ('Product', 'categ_oppor1', 1),
    'software': ('Software', 'categ_oppor2', 2),
    'services': ('Services', 'categ_oppor3', 3),
    'information': ('Information', 'categ_oppor4', 4),
    'design': ('Design', 'categ_oppor5', 5),
    'training': ('Training', 'categ_oppor6', 6),
    'consulting': ('Consulting', 'categ_oppor7', 7),
    'other': ('Other', 'categ_oppor8', 8),
}


class CrmTag(models.Model):
    _inherit = 'crm.tag'

    @api.model
    def _create_classic_tags(self):
        """Find or create the classic tags.

        The demo data of sales_team has the same names, which are unique: each tag answers to
        the xml id of the demo data too, so that either may come first and a tag that is in
        use outlives this addon. What users named so by themselves stays theirs alone.
        """
        for key, (name, demo_name, color) in CLASSIC_TAGS.items():
            demo_xmlid = f'sales_team.{demo_name}'
            tag = self.env.ref(demo_xmlid, raise_if_not_found=False)
            theirs = not tag and self.with_context(lang='en_US').search([('name', '=', name)])
            tag = (
                tag
                or theirs
                or self.with_context(lang='en_US').create(
                    {
                        'name': name,
                        'color': color,
                    }
                )
            )
            xmlids = [demo_xmlid] if theirs else [demo_xmlid, f'crm_extended.crm_tag_{key}']
            self.env['ir.model.data']._update_xmlids(
                [{'xml_id': xmlid, 'record': tag, 'noupdate': True} for xmlid in xmlids]
            )

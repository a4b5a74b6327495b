class HomeMixin:
    """Looks at a home as a user sees it."""

    def tell(self, user, role='sales', **context):
        """Return {key of the card: card} of a home; what is written before is read again."""
        self.env.invalidate_all()
        home = self.env['crm.home'].with_user(user).with_context(**context).action_tell_home(role)
        return {block['key']: block for block in home['blocks']}

    def assertShows(self, block, records):
        """The card shows these records in this order, counts them and opens exactly them."""
        self.assertEqual([row['id'] for row in block['rows']], records.ids)
        self.assertEqual(block['count'], len(records))
        self.assertEqual(self.open_list(block['action'], block), records)

    def open_list(self, action, block):
        """Return what the list of a card shows, in the order of the card."""
        records = self.env[action['res_model']].with_user(self.reader)
        found = records.with_context(**action['context']).search(action['domain'])
        shown = [row['id'] for row in block['rows']]
        return found.sudo().sorted(lambda one: shown.index(one.id) if one.id in shown else -1)

    def plain(self, text):
        """Return a text with spaces that are nothing but spaces, whatever the library writes."""
        return ' '.join(text.split())

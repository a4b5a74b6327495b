import json
import re

# A greeting with the name as it was shipped, in whichever language: with a gap where there is none.
GREETINGS = (
    re.compile(r""" <t t-out="object\.partner_id\.name or ''">(?P<name>[^<]*)</t>"""),
    re.compile(
        r"""<t t-if="object\.partner_id"> <t t-out="object\.partner_id\.name"(?P<name>)/></t>"""
    ),
)
GREETING = (
    '<t t-if="object._get_customer_name()"> <t t-out="object._get_customer_name()">{}</t></t>'
)


def migrate(cr, version):
    """Let the mails greet nobody by an empty name: an update leaves templates alone."""
    cr.execute(
        """
        SELECT id, body_html
          FROM mail_template
         WHERE model IN ('service.claim', 'service.ticket')
           AND body_html IS NOT NULL
        """
    )
    for template_id, texts in cr.fetchall():
        mended = {lang: _mend(text) for lang, text in texts.items()}
        if mended != texts:
            cr.execute(
                'UPDATE mail_template SET body_html = %s WHERE id = %s',
                (json.dumps(mended), template_id),
            )


def _mend(text):
    for pattern in GREETINGS:
        text = pattern.sub(lambda match: GREETING.format(match['name']), text)
    return text

"""Groups of customers that fill and empty by themselves."""

from datetime import timedelta

READY_MADE = 4


def begin(story):
    story.segments = create_segments(story)
    for ago in range(11, -1, -1):
        moment = story.at(story.get_month(ago) + timedelta(days=3), 5)
        story.agenda.add(moment, refresh, story)
    story.agenda.add(story.now - timedelta(hours=5), refresh, story)


def create_segments(story):
    """Return ready-made segments of the sales manager, and some of her own."""
    manager = story.users['salesmanager']
    templates = story.of(manager, 'crm.segment.template').search([])
    available = templates.filtered('is_available')
    segments = story.of(manager, 'crm.segment').union(
        *(template._create_segments() for template in available[:READY_MADE])
    )
    tags = story.env['res.partner.category'].create(
        [{'name': name} for name, _domain in story.words.SEGMENTS]
    )
    segments |= story.of(manager, 'crm.segment').create(
        [
            {
                'name': name,
                'scope': 'companies',
                'domain': str(domain),
                'category_id': tag.id,
                'company_id': story.company.id,
            }
            for (name, domain), tag in zip(story.words.SEGMENTS, tags, strict=True)
        ]
    )
    return segments


def refresh(story):
    story.segments.action_apply()

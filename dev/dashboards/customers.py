"""Who the customers are: the segments, how large they are and how they grow."""

from .parts import (
    GREEN,
    PERIOD,
    RED,
    Card,
    Chart,
    Column,
    Curve,
    Dashboard,
    Filter,
    Series,
    Source,
    Table,
    share,
)

SEGMENT = 'segment'
SEGMENTED = {SEGMENT: 'segment_id'}
DATED = {**SEGMENTED, PERIOD: 'date:date'}
PRESENT = [['date_out', '=', False]]

members = Source(
    'crm.segment.membership',
    ['partner_id:count_distinct', 'segment_id:count_distinct', '__count'],
    SEGMENTED,
    domain=PRESENT,
)
changes = Source('crm.segment.size', ['entered_count', 'left_count'], DATED)
changes_by_month = Source(
    'crm.segment.size', ['entered_count', 'left_count'], DATED, rows=['date:month']
)
segments = Source(
    'crm.segment.membership',
    ['__count'],
    SEGMENTED,
    domain=PRESENT,
    rows=['segment_id'],
    sort='__count',
)
changes_by_segment = Source(
    'crm.segment.size',
    ['entered_count', 'left_count', 'member_count'],
    DATED,
    rows=['segment_id'],
    sort='entered_count',
)


def _get_average(value):
    all_memberships, in_segments = (
        value(members, measure) for measure in ('__count', 'segment_id:count_distinct')
    )
    return f'ROUND({share(all_memberships, in_segments, "0")})'


DASHBOARD = Dashboard(
    filters=[
        Filter(PERIOD, 'Period'),
        Filter(SEGMENT, 'Segment', 'crm.segment'),
    ],
    cards=[
        Card(
            'Contacts in Segments',
            lambda value: value(members, 'partner_id:count_distinct'),
            menu='crm_segmentation.crm_segment_membership_menu',
            baseline=lambda value: value(members, '__count'),
            mode='text',
            text='in all segments',
            sample=(842, 1310),
        ),
        Card(
            'Segments in Use',
            lambda value: value(members, 'segment_id:count_distinct'),
            menu='crm_segmentation.crm_segment_menu',
            baseline=_get_average,
            mode='text',
            text='members each',
            sample=(9, 146),
        ),
        Card(
            'Entered',
            lambda value: value(changes, 'entered_count'),
            menu='crm_segmentation.crm_segment_size_menu',
            color=GREEN,
            sample=(96, 81),
        ),
        Card(
            'Left',
            lambda value: value(changes, 'left_count'),
            menu='crm_segmentation.crm_segment_size_menu',
            color=RED,
            is_less_better=True,
            sample=(27, 34),
        ),
    ],
    bands=[
        [
            Chart(
                'Members by Segment',
                'bar',
                'crm.segment.membership',
                ['segment_id'],
                domain=PRESENT,
                order='DESC',
                matching=SEGMENTED,
                menu='crm_segmentation.crm_segment_menu',
                action='crm_segmentation.crm_segment_membership_action',
                sample={
                    'Key Customers': 64,
                    'Regular Customers': 210,
                    'Small Customers': 380,
                    'Inactive Customers': 188,
                },
            ),
        ],
        [
            Chart(
                'Growth of Segments',
                'line',
                'crm.segment.size',
                ['date:month', 'segment_id'],
                measure='member_count',
                matching=DATED,
                menu='crm_segmentation.crm_segment_size_menu',
                action='crm_segmentation.crm_segment_size_action',
                sample={
                    'Key Customers': [48, 51, 55, 57, 61, 64],
                    'Inactive Customers': [214, 209, 204, 199, 192, 188],
                },
            ),
            Curve(
                'Entered and Left by Month',
                'bar',
                changes_by_month,
                [Series('Entered', 'entered_count'), Series('Left', 'left_count')],
                menu='crm_segmentation.crm_segment_size_menu',
                sample={
                    'Entered': [14, 18, 12, 16, 21, 15],
                    'Left': [5, 4, 6, 3, 5, 4],
                },
            ),
        ],
        [
            Table(
                'Largest Segments',
                'Segment',
                segments,
                [Column('Members', lambda value: value('__count'))],
                menu='crm_segmentation.crm_segment_menu',
                rows=10,
            ),
            Table(
                'Changes of Segments',
                'Segment',
                changes_by_segment,
                [
                    Column('Entered', lambda value: value('entered_count')),
                    Column('Left', lambda value: value('left_count')),
                    Column('On Average', lambda value: value('member_count'), '#,##0'),
                ],
                menu='crm_segmentation.crm_segment_size_menu',
                rows=10,
            ),
        ],
    ],
)

{
    'name': 'CRM Segmentation',
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'summary': 'Segments of contacts that keep their tags up to date by themselves',
    'author': 'CRM Suite',
    'license': 'LGPL-3',
    'depends': ['crm_extended'],
    'data': [
        'security/ir.model.access.csv',
        'security/crm_segment_security.xml',
        'data/ir_cron_data.xml',
        'wizard/crm_segment_preview_views.xml',
        'views/crm_segment_membership_views.xml',
        'views/crm_segment_size_views.xml',
        'views/crm_segment_views.xml',
        'views/crm_segment_group_views.xml',
        'views/res_partner_views.xml',
        'views/crm_segmentation_menus.xml',
    ],
    'demo': [
        'demo/crm_segment_demo.xml',
    ],
}

{
    'name': 'CRM Suite: Demo Company',
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'summary': 'Twelve months of a small company that sells, serves and maintains',
    'author': 'CRM Suite',
    'license': 'LGPL-3',
    'depends': ['crm_claims', 'crm_contracts', 'crm_segmentation', 'mail_bot'],
    'external_dependencies': {'python': ['freezegun']},
    'post_init_hook': 'post_init_hook',
}

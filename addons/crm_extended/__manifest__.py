{
    'name': 'CRM Extended',
    'version': '19.0.1.0.0',
    'category': 'Sales/CRM',
    'summary': 'Lead capture, calls, channels and a customer card that counts right',
    'author': 'CRM Suite',
    'license': 'LGPL-3',
    'depends': ['crm'],
    'data': [],
    'installable': True,
}

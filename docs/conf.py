"""How Sphinx makes the manual: ``make docs`` names the folder and the language."""

project = 'CRM Suite'
html_title = 'CRM Suite · Odoo 19'

extensions = ['myst_parser']
myst_enable_extensions = ['deflist']
# Other pages link to headings of the second and third level.
myst_heading_anchors = 3

html_theme = 'furo'
# In es/LC_MESSAGES/sphinx.po: the words of the theme.
locale_dirs = ['../locale']
templates_path = ['templates']
html_static_path = ['static']
html_css_files = ['manual.css']
html_sidebars = {
    '**': [
        'sidebar/brand.html',
        'sidebar/language.html',
        'sidebar/search.html',
        'sidebar/scroll-start.html',
        'sidebar/navigation.html',
        'sidebar/scroll-end.html',
    ]
}
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False

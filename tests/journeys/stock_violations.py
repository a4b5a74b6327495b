"""What Odoo's own screens have against axe-core's rules: the only violations that ours may have.

Each rule names the elements of Odoo's own that break it, wherever they are used. The test opens
screens of Odoo, too: a rule that they all keep by now is not allowed to ours either.
"""

VIOLATIONS = {
    'aria-allowed-attr': '.o_searchview, .o_searchview_input, .o-autocomplete--input, .o_tag,'
    ' .o_searchview_facet, .o-dropdown, .fc-daygrid-more-link',
    'aria-allowed-role': '.o_kanban_record',
    'aria-command-name': '.o_searchview_facet_label, .o-mail-Activity-avatarContainer',
    'aria-dialog-name': '.modal',
    'aria-prohibited-attr': '.o-mail-Message-avatarContainer, .o_avatar',
    'aria-required-parent': '.o_notebook_headers .nav-link, .o_searchview_facet,'
    ' .o_colorlist_toggler',
    'autocomplete-valid': '.o_select_menu_input',
    'button-name': '.o_optional_columns_dropdown .o-dropdown, .o_portal_navbar button,'
    ' .oi-panel-right',
    # a folded column of a board, the bottom of a chatter, the end of a month, "at" 20 %
    'color-contrast': '.o_column_title, .o_column_title *, .o-mail-Chatter *, #chatterRoot, .fc *,'
    ' .o_date_item_cell *, .opacity-50, .o_facet_value, .js_language_selector *',
    'empty-table-header': '.o_list_controller, .o_list_actions_header, .o_handle_cell,'
    ' .o_list_button, .o_list_open_form_view, .o_list_renderer th',
    'heading-order': '.o_portal h5, .o_portal_wrap h5',
    'html-has-lang': 'html',
    'image-alt': '.o_avatar img, .o_m2m_avatar, .o-mail-Message-avatar, .o-mail-Activity-avatar,'
    ' .o_portal_index_card img, .o_portal_docs img',
    'label': '.form-check-input',
    'landmark-main-is-top-level': 'main.o_content, .o_kanban_record main',
    'landmark-no-duplicate-banner': '.modal-header',
    'landmark-no-duplicate-main': '.modal-body, .o_content',
    'landmark-unique': '.o_cp_searchview, .modal-body, .o_cp_switch_buttons, .navbar, .o_content,'
    ' .o_kanban_record aside',
    'page-has-heading-one': 'html',
    'target-size': '.o_cp_searchview button, .o_priority_star',
    'role-img-alt': '.o_searchview_icon, .o_searchview_facet_label i, .o-mail-ActivityButton i,'
    ' .o_cell_activity i, .o-mail-Chatter i, .o_field_kanban_activity i',
}

# On a phone Odoo draws other elements: a menu of views, a lens, "More" beside the smart buttons,
# pale labels. Nothing there breaks the rules of its desktop that are named here.
ON_A_PHONE = {
    'button-name': '.o_control_panel .btn, .o_button_more',
    'color-contrast': '.o_form_label, .o_form_label *, .o_inner_group .o_wrap_label *,'
    ' .o_inner_group label *',
}
ON_DESKTOPS_ALONE = ('aria-command-name', 'label')


def get_phone_violations():
    """Return what Odoo's own screens have against the rules where they are 375 pixels wide."""
    return {
        rule: f'{known}, {ON_A_PHONE[rule]}' if rule in ON_A_PHONE else known
        for rule, known in VIOLATIONS.items()
        if rule not in ON_DESKTOPS_ALONE
    }
